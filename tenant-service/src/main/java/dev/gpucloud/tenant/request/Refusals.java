package dev.gpucloud.tenant.request;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.tenant.engine.TenantAction;
import dev.gpucloud.tenant.engine.TenantLife;
import dev.gpucloud.tenant.engine.TenantState;
import dev.gpucloud.tenant.engine.Violations;
import java.util.List;
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

  /** The state does not allow the move; says what it does allow. */
  public static ProblemException notAllowed(String what, TenantAction action, TenantState state) {
    List<String> allowed = TenantAction.allowedOn(TenantLife.of(state));
    return ProblemType.STATE_CONFLICT
        .because(
            "The %s is %s and cannot be %s; it allows %s."
                .formatted(
                    what,
                    state,
                    action.participle(),
                    allowed.isEmpty() ? "nothing" : String.join(", ", allowed)))
        .with("state", state)
        .with("allowed", allowed);
  }

  /** The request needs a body and has none. */
  public static ProblemException missingBody() {
    return ProblemType.MALFORMED_BODY.because("The body is empty.").at("", "is required");
  }
}
