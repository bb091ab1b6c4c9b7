package dev.gpucloud.cli.rate;

import java.util.HashMap;
import java.util.Map;

/** Notes what a file says a second time, and where it said it first. */
final class Once {
  private final Map<Object, String> seen = new HashMap<>();

  void check(Fields where, String field, String what) {
    check(where, field, what, what);
  }

  /** For what may be written in several ways: the key is what they mean. */
  void check(Fields where, String field, String what, Object key) {
    String first = seen.putIfAbsent(key, where.pointer());
    if (first != null) {
      where.wrong(field, "there is another %s: %s".formatted(what, first));
    }
  }

  /** An amount of a month is one entry, so that none counts twice by mistake. */
  void month(Fields where, Object month) {
    String first = seen.putIfAbsent(month, where.pointer());
    if (first != null) {
      where.wrong(
          "month",
          "%s has an entry already: %s; give one entry with the sum".formatted(month, first));
    }
  }
}
