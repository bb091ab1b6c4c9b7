package dev.gpucloud.systemtests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes what a schema allows: its examples first, else the plainest value of its type. */
final class Samples {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int DEPTH = 8;

  /** How often an object is its example, in per cent; else it is made field by field. */
  private static final int WHOLE = 30;

  private static final Pattern ID = Pattern.compile("\\^([a-z]+_)\\[0-9a-f].*");
  private static final Map<String, String> FORMATS =
      Map.of(
          "date-time", "2026-11-02T00:00:00Z",
          "date", "2026-11-02",
          "duration", "PT1H",
          "uuid", "0197c0de-0000-7000-8000-000000000000",
          "uri", "https://example.com/hook",
          "email", "someone@example.com");

  private final ApiDocument document;

  Samples(ApiDocument document) {
    this.document = document;
  }

  JsonNode of(JsonNode schema, Dice dice) {
    return of(schema, dice, 0);
  }

  private JsonNode of(JsonNode schema, Dice dice, int depth) {
    JsonNode example = example(schema);
    if (!example.isMissingNode()) {
      return example.deepCopy();
    }
    JsonNode at = document.resolved(schema);
    example = example(at);
    if (!example.isMissingNode() && (!example.isObject() || dice.percent(WHOLE))) {
      return example.deepCopy();
    }
    for (String choice : List.of("oneOf", "anyOf", "allOf")) {
      if (at.path(choice).size() > 0) {
        return of(at.path(choice).get(dice.below(at.path(choice).size())), dice, depth + 1);
      }
    }
    return switch (type(at)) {
      case "object" -> object(at, dice, depth);
      case "array" -> array(at, dice, depth);
      case "integer", "number" -> JSON.numberNode(Math.max(1, at.path("minimum").asLong(1)));
      case "boolean" -> JSON.booleanNode(dice.percent(50));
      default -> JSON.textNode(text(at, dice));
    };
  }

  private static JsonNode example(JsonNode schema) {
    if (schema.has("example")) {
      return schema.path("example");
    }
    return schema.path("examples").path(0);
  }

  private static String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      return type.path(0).asText();
    }
    return type.asText(schema.has("properties") ? "object" : "string");
  }

  private ObjectNode object(JsonNode schema, Dice dice, int depth) {
    ObjectNode object = JSON.objectNode();
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    schema
        .path("properties")
        .properties()
        .forEach(
            field -> {
              boolean wanted = required.contains(field.getKey()) || dice.percent(60);
              if (wanted && depth < DEPTH) {
                object.set(field.getKey(), of(field.getValue(), dice, depth + 1));
              }
            });
    return object;
  }

  private ArrayNode array(JsonNode schema, Dice dice, int depth) {
    ArrayNode array = JSON.arrayNode();
    int size = Math.max(schema.path("minItems").asInt(0), depth < DEPTH ? 1 : 0);
    for (int i = 0; i < Math.min(size, 10); i++) {
      array.add(of(schema.path("items"), dice, depth + 1));
    }
    return array;
  }

  private static String text(JsonNode schema, Dice dice) {
    if (schema.path("enum").size() > 0) {
      return schema.path("enum").get(dice.below(schema.path("enum").size())).asText();
    }
    Matcher id = ID.matcher(schema.path("pattern").asText());
    if (id.matches()) {
      return id.group(1) + dice.uuid();
    }
    String text = FORMATS.getOrDefault(schema.path("format").asText(), "fuzz-" + dice.below(1_000));
    int least = schema.path("minLength").asInt(0);
    return text.length() < least ? text + "x".repeat(least - text.length()) : text;
  }
}
