package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is wrong with a file, all of it at once; bounded, so that a wrong file stays readable. */
class Violations {
  private static final int MOST = 50;
  private static final Pattern LINE = Pattern.compile("line (\\d{1,9})\\b");

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

  /**
   * For an object that took from elsewhere what it does not say: of its fields only those that it
   * says itself are noted, for the others were noted there.
   */
  Violations of(String pointer, JsonNode said) {
    return new Violations(file) {
      @Override
      void add(String where, String what) {
        if (said.has(where.substring(pointer.length() + 1))) {
          Violations.this.add(where, what);
        }
      }
    };
  }

  /** In the order of the lines, however they were found. */
  void byLine() {
    found.sort(Comparator.comparingInt(Violations::line));
  }

  private static int line(String violation) {
    Matcher line = LINE.matcher(violation);
    return line.lookingAt() ? Integer.parseInt(line.group(1)) : 0;
  }

  int size() {
    return found.size() + more;
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
