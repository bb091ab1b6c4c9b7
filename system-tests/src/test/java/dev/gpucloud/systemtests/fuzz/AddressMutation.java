package dev.gpucloud.systemtests.fuzz;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What may be wrong with method, path and query. */
enum AddressMutation implements Mutation {
  ABSURD_ID {
    @Override
    public boolean fits(Draft draft) {
      return !draft.variable.isEmpty();
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      draft.segments.set(dice.of(draft.variable), dice.of(Absurd.SEGMENTS));
    }
  },
  WRONG_PREFIX {
    @Override
    public boolean fits(Draft draft) {
      return !draft.variable.isEmpty();
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      String prefix = dice.of(List.of("ten_", "prj_", "ins_", "hst_", "inv_", "op_", "key_", "x_"));
      draft.segments.set(dice.of(draft.variable), prefix + dice.uuid());
    }
  },
  OTHER_PATH {
    @Override
    public boolean fits(Draft draft) {
      return true;
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      switch (dice.below(5)) {
        case 0 -> draft.segments.add("");
        case 1 -> draft.segments.add(dice.of(Absurd.SEGMENTS));
        case 2 -> draft.segments.add(1 + dice.below(draft.segments.size()), "");
        case 3 -> draft.segments.removeLast();
        default ->
            draft.segments.set(
                draft.segments.size() - 1,
                draft.segments.getLast().toUpperCase(java.util.Locale.ROOT));
      }
      draft.variable.removeIf(at -> at >= draft.segments.size());
    }
  },
  WRONG_METHOD {
    @Override
    public boolean fits(Draft draft) {
      return true;
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      draft.method =
          dice.of(
              List.of(
                  "GET",
                  "HEAD",
                  "POST",
                  "PUT",
                  "PATCH",
                  "DELETE",
                  "OPTIONS",
                  "TRACE",
                  "PROPFIND",
                  "FOO",
                  "get",
                  "QUERY"));
    }
  },
  PAGE_SIZE {
    @Override
    public boolean fits(Draft draft) {
      return draft.method.equals("GET");
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      draft.query.add(
          "pageSize="
              + dice.of(
                  List.of(
                      "-1",
                      "0",
                      "1",
                      "1001",
                      "99999999999",
                      "abc",
                      "",
                      "1.5",
                      "%201",
                      "1e3",
                      "+1",
                      "0x10",
                      "%D9%A1",
                      "1&pageSize=2")));
    }
  },
  PAGE_TOKEN {
    private final List<String> tokens =
        List.of(
            "",
            "%21",
            "abc",
            "AAAA",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "e30",
            "W10",
            "bnVsbA",
            "eyJhIjoxfQ==",
            "MjAyNi0xMS0wMlQwMDowMDowMFp8aW5zXzA",
            "OTk5OTk5OTk5OTk5OTk5OTk5OTk5",
            "LTE",
            "MA",
            "JyBPUiAxPTE",
            "AA",
            "__8",
            "%00",
            "%F0%9F%9A%80",
            "YQBi",
            "x".repeat(6_000));

    @Override
    public boolean fits(Draft draft) {
      return draft.method.equals("GET");
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      draft.query.add("pageToken=" + dice.of(tokens));
    }
  },
  ABSURD_QUERY {
    @Override
    public boolean fits(Draft draft) {
      return !draft.operation.in("query").isEmpty();
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      String name = dice.of(draft.operation.in("query")).name();
      draft.query.removeIf(other -> other.startsWith(name + "="));
      String value = dice.of(Absurd.TEXTS);
      draft.query.add(
          dice.percent(85)
              ? name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)
              : dice.of(List.of(name, name + "=a&" + name + "=b", name + "[]=a", name + "=a=b")));
    }
  },
  BAD_QUERY {
    @Override
    public boolean fits(Draft draft) {
      return true;
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      draft.query.add(
          dice.of(
              List.of(
                  "unknown=1",
                  "a=%",
                  "a=%zz",
                  "a=%ff%fe",
                  "a=%C0%AF",
                  "%00=%00",
                  "=",
                  "&&&",
                  "?",
                  "a=" + "x".repeat(3_900),
                  "a=" + "x".repeat(7_000),
                  "a=" + "x".repeat(20_000),
                  "validateOnly=maybe",
                  "a=\u00e9",
                  "a={b}|c",
                  "a=<b>\"c\"",
                  "%F0%9F%9A%80=1",
                  "a;b=c",
                  "a&".repeat(1_500),
                  "format=xml",
                  "a=b#c")));
    }
  }
}
