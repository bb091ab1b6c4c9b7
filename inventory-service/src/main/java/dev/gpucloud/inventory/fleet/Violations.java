package dev.gpucloud.inventory.fleet;

import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Everything that is wrong with an import or an announcement; the first 200 are listed, all are
 * counted.
 */
final class Violations {
  private static final int LISTED = 200;
  private final List<FieldError> found = new ArrayList<>();
  private int count;

  void add(String pointer, String rule) {
    count++;
    if (found.size() < LISTED) {
      found.add(new FieldError(pointer, rule));
    }
  }

  /** Fails with all of them, if there are any. */
  void raise() {
    if (count > 0) {
      throw new ProblemException(
          ProblemType.VALIDATION_FAILED,
          count == 1
              ? "1 value is invalid; nothing was changed."
              : count + " values are invalid; nothing was changed.",
          Map.of("violations", count),
          found);
    }
  }
}
