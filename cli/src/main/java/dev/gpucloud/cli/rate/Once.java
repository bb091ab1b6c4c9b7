package dev.gpucloud.cli.rate;

import java.util.HashSet;
import java.util.Set;

/** Notes what a file says a second time. */
final class Once {
  private final Set<String> seen = new HashSet<>();

  void check(Fields where, String what) {
    if (!seen.add(what)) {
      where.wrong("there is another " + what);
    }
  }
}
