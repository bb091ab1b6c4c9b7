package dev.gpucloud.cli.rate;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a file, all of it at once; bounded, so that a wrong file stays readable. */
final class Violations {
  private static final int MOST = 50;

  private final String file;
  private final List<String> found = new ArrayList<>();
  private int more;

  Violations(String file) {
    this.file = file;
  }

  void add(String where, String what) {
    if (found.size() < MOST) {
      found.add((where.isEmpty() ? "" : where + ": ") + what);
    } else {
      more++;
    }
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** Ends the reading if anything was wrong. */
  void orThrow() {
    if (!found.isEmpty()) {
      List<String> all = new ArrayList<>(found);
      if (more > 0) {
        all.add("and " + more + " more");
      }
      throw new BadFileException(file + " is not what it must be:", all);
    }
  }
}
