package dev.gpucloud.tenant.request;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.tenant.engine.Violations;
import java.util.Map;

/** Turns what the rules found into problems of the registry. */
public final class Refusals {
  private Refusals() {}

  /** Refuses the request as a whole when anything was found. */
  public static void throwIfAny(Violations violations) {
    throwIfAny(ProblemType.VALIDATION_FAILED, violations);
  }

  /** Refuses with another type of problem than {@code VALIDATION_FAILED}. */
  public static void throwIfAny(ProblemType type, Violations violations) {
    if (violations.isEmpty()) {
      return;
    }
    String detail =
        violations.count() == 1
            ? "One value is refused; nothing was changed."
            : violations.count() + " values are refused; nothing was changed.";
    throw new ProblemException(type, detail, Map.of(), violations.list());
  }

  /** There is nothing here, or nothing that the caller may see: the same answer for both. */
  public static ProblemException notFound(String what) {
    return ProblemType.NOT_FOUND.because("There is no such " + what + " here.");
  }

  /** The request needs a body and has none. */
  public static ProblemException missingBody() {
    return ProblemType.MALFORMED_BODY.because("The body is empty.").at("", "is required");
  }
}
