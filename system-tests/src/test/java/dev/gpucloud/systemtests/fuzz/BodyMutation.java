package dev.gpucloud.systemtests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** What may be wrong with a body. */
enum BodyMutation implements Mutation {
  WRONG_TYPE {
    @Override
    public boolean fits(Draft draft) {
      return draft.body != null;
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      JsonNode body = Objects.requireNonNull(draft.body);
      draft.body = dice.of(Places.of(body)).replace(body, dice.of(Absurd.OTHERS).deepCopy());
    }
  },
  MISSING {
    @Override
    public boolean fits(Draft draft) {
      return !Places.inner(draft.body).isEmpty();
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      dice.of(Places.inner(draft.body)).remove();
    }
  },
  EXTRA {
    @Override
    public boolean fits(Draft draft) {
      return !Places.objects(draft.body).isEmpty();
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      ObjectNode object = (ObjectNode) dice.of(Places.objects(draft.body)).value();
      object.set(dice.of(Absurd.FIELDS), dice.of(Absurd.OTHERS).deepCopy());
    }
  },
  NULL {
    @Override
    public boolean fits(Draft draft) {
      return draft.body != null;
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      JsonNode body = Objects.requireNonNull(draft.body);
      draft.body = dice.of(Places.of(body)).replace(body, JSON.nullNode());
    }
  },
  EXTREME {
    @Override
    public boolean fits(Draft draft) {
      return !Places.leaves(draft.body).isEmpty();
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      JsonNode body = Objects.requireNonNull(draft.body);
      Places.Place place = dice.of(Places.leaves(body));
      draft.body =
          place.replace(
              body,
              place.value().isNumber()
                  ? dice.of(Absurd.NUMBERS)
                  : JSON.textNode(dice.of(Absurd.TEXTS)));
    }
  },
  DEEP {
    @Override
    public boolean fits(Draft draft) {
      return draft.body != null;
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      JsonNode deep = JSON.numberNode(1);
      int depth = dice.of(List.of(20, 200, 990, 1_100, 5_000));
      for (int i = 0; i < depth; i++) {
        deep = i % 2 == 0 ? JSON.arrayNode().add(deep) : JSON.objectNode().set("a", deep);
      }
      JsonNode body = Objects.requireNonNull(draft.body);
      draft.body = dice.of(Places.of(body)).replace(body, deep);
      draft.raw(draft.content()); // walking through it again would take its depth
    }
  },
  MANY {
    @Override
    public boolean fits(Draft draft) {
      return draft.body != null;
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      JsonNode body = Objects.requireNonNull(draft.body);
      List<Places.Place> arrays =
          Places.of(body).stream().filter(place -> place.value().isArray()).toList();
      Places.Place place = dice.of(arrays.isEmpty() ? Places.of(body) : arrays);
      JsonNode one = place.value().path(0);
      ArrayNode many = JSON.arrayNode();
      int count = dice.of(List.of(2, 101, 1_001, 5_000));
      for (int i = 0; i < count; i++) {
        many.add(one.isMissingNode() ? JSON.textNode("a" + i) : one);
      }
      draft.body = place.replace(body, many);
      if (count > 1_000) {
        draft.raw(draft.content());
      }
    }
  },
  HUGE {
    @Override
    public boolean fits(Draft draft) {
      return !Places.leaves(draft.body).isEmpty();
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      JsonNode body = Objects.requireNonNull(draft.body);
      int length = dice.of(List.of(60_000, 200_000, 1_000_000, 1_100_000));
      draft.body = dice.of(Places.leaves(body)).replace(body, JSON.textNode("x".repeat(length)));
      draft.raw(draft.content());
    }
  },
  TWICE {
    @Override
    public boolean fits(Draft draft) {
      return draft.body != null && draft.body.isObject() && !draft.body.isEmpty();
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      String text = draft.text();
      draft.raw(text.substring(0, text.length() - 1) + "," + text.substring(1));
    }
  },
  BROKEN {
    @Override
    public boolean fits(Draft draft) {
      return draft.hasBody();
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      String text = draft.text();
      int cut = text.isEmpty() ? 0 : dice.below(text.length());
      draft.raw(
          switch (dice.below(12)) {
            case 0 -> text.substring(0, cut);
            case 1 -> text + "}";
            case 2 -> text + text;
            case 3 -> text.replace('"', '\'');
            case 4 -> "/* a */" + text + "// b";
            case 5 -> text.replaceFirst("}$", ",}");
            case 6 -> "\ufeff" + text;
            case 7 -> dice.of(List.of("null", "[]", "\"\"", "42", "true", "NaN", "[null]", "[{}]"));
            case 8 -> dice.of(List.of(" ", "\n", "{", "}", "[", "\"", "{]", "{\"a\"}", "{:}"));
            case 9 -> text.substring(0, cut) + "\u0000" + text.substring(cut);
            case 10 -> text.replaceAll("\"(\\w+)\":", "$1:");
            default -> "<a>" + text + "</a>";
          });
    }
  },
  ENCODING {
    @Override
    public boolean fits(Draft draft) {
      return draft.hasBody();
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      String text = draft.text();
      switch (dice.below(5)) {
        case 0 -> draft.raw(text.getBytes(StandardCharsets.UTF_16));
        case 1 -> draft.raw(text.getBytes(StandardCharsets.UTF_16LE));
        case 2 -> draft.raw(text.replace("a", "\u00e9").getBytes(StandardCharsets.ISO_8859_1));
        case 3 -> draft.raw(within(text, dice, new byte[] {(byte) 0xff, (byte) 0xfe}));
        default -> draft.raw(within(text, dice, new byte[] {(byte) 0xc0, (byte) 0xaf}));
      }
    }
  },
  NONE {
    @Override
    public boolean fits(Draft draft) {
      return draft.hasBody();
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      draft.body = null;
      draft.bytes = null;
    }
  },
  UNASKED {
    @Override
    public boolean fits(Draft draft) {
      return !draft.hasBody();
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      draft.set("Content-Type", "application/json");
      draft.raw(dice.of(List.of("{}", "{\"a\":1}", "[", "text", "x".repeat(70_000))));
    }
  };

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static byte[] within(String text, Dice dice, byte[] wrong) {
    byte[] good = text.getBytes(StandardCharsets.UTF_8);
    int at = Math.max(text.indexOf('"'), 0);
    at = Math.min(good.length, at + 1 + dice.below(8));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(good, 0, at);
    all.writeBytes(wrong);
    all.write(good, at, good.length - at);
    return all.toByteArray();
  }
}
