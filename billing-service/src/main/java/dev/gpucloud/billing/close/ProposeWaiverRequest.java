package dev.gpucloud.billing.close;

import dev.gpucloud.billing.close.engine.Check;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Which finding of the checklist should be let pass, and why. */
@Schema(
    name = "ProposeCloseWaiver",
    examples =
        """
        {
          "code": "RUN_WITHOUT_PROOF",
          "subject": "run_019a3c5e-7b1d-7c2a-9f00-5d2f6a1b3c4d",
          "reason": "The site's log shows the stop; the report was lost."
        }""")
record ProposeWaiverRequest(
    @Schema(required = true, examples = "RUN_WITHOUT_PROOF") @Nullable String code,
    @Schema(required = true, description = "As the checklist shows it.") @Nullable String subject,
    @Schema(required = true, maxLength = 1000) @Nullable String reason) {
  private static final int LONGEST_REASON = 1000;

  /** What is to be waived, once everything given is valid. */
  Finding.Key key() {
    var errors = new ArrayList<FieldError>();
    Check check = check(errors);
    if (subject == null || subject.isBlank()) {
      errors.add(new FieldError("/subject", "is missing"));
    }
    if (reason == null || reason.isBlank()) {
      errors.add(new FieldError("/reason", "is missing: a waiver says why"));
    } else if (reason.length() > LONGEST_REASON) {
      errors.add(new FieldError("/reason", "must have at most " + LONGEST_REASON + " characters"));
    }
    if (!errors.isEmpty()) {
      throw new ProblemException(
          ProblemType.VALIDATION_FAILED,
          errors.size() + " values are invalid; nothing was proposed.",
          Map.of(),
          errors);
    }
    return new Finding.Key(Objects.requireNonNull(check), Objects.requireNonNull(subject));
  }

  private @Nullable Check check(List<FieldError> errors) {
    List<Check> waivable = Arrays.stream(Check.values()).filter(Check::isWaivable).toList();
    if (code == null) {
      errors.add(new FieldError("/code", "is missing"));
      return null;
    }
    Check found = waivable.stream().filter(c -> c.name().equals(code)).findFirst().orElse(null);
    if (found == null) {
      errors.add(new FieldError("/code", "must be one of " + waivable));
    }
    return found;
  }
}
