package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.text.Texts;
import dev.gpucloud.tenant.catalogue.Named;
import dev.gpucloud.tenant.engine.BusinessNumber;
import dev.gpucloud.tenant.engine.Segment;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.grants.engine.CallRules;
import dev.gpucloud.tenant.request.Refusals;
import java.util.Arrays;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An application to a call. */
@Schema(
    name = "ApplyForGrant",
    examples =
        """
        {
          "applicant": "Daehan University",
          "businessNumber": "000-00-00053",
          "category": "ACADEMIA",
          "model": "b200-sxm-180g",
          "gpus": 32,
          "minGpus": 8,
          "purpose": "A Korean language model for schools."
        }""")
record ApplyRequest(
    @Schema(required = true, examples = "Daehan University") @Nullable String applicant,
    @Schema(examples = "000-00-00053", description = "Required of an applicant without a tenant.")
        @Nullable String businessNumber,
    @Schema(
            required = true,
            examples = "ACADEMIA",
            enumeration = {"ENTERPRISE", "STARTUP", "ACADEMIA", "RESEARCH", "GOVERNMENT"})
        @Nullable String category,
    @Schema(description = "Outside the capital's region; false by default.")
        @Nullable Boolean regional,
    @Schema(required = true, examples = "b200-sxm-180g") @Nullable String model,
    @Schema(required = true, examples = "32") @Nullable Integer gpus,
    @Schema(
            examples = "8",
            description = "Fewer are of no use; without it the application wants all or nothing.")
        @Nullable Integer minGpus,
    @Schema(required = true, maxLength = MAX_TEXT) @Nullable String purpose) {
  static final int MAX_TEXT = 4000;

  /** Fails with VALIDATION_FAILED naming every field that does not fit the call. */
  void check(CallRules rules, boolean byTenant) {
    var violations = new Violations();
    if (applicant == null || !Texts.isPrintable(applicant, 120)) {
      violations.add("/applicant", "expected 1 to 120 printable characters");
    }
    if (businessNumber != null) {
      BusinessNumber.refusal(businessNumber)
          .ifPresent(why -> violations.add("/businessNumber", why));
    } else if (!byTenant) {
      violations.add("/businessNumber", "is required of an applicant without a tenant");
    }
    if (category == null
        || Arrays.stream(Segment.values()).noneMatch(s -> s.name().equals(category))) {
      violations.add("/category", "expected one of " + Arrays.toString(Segment.values()));
    }
    checkGpus(rules, violations);
    if (purpose == null || !Texts.isPrintable(purpose, MAX_TEXT)) {
      violations.add("/purpose", "expected 1 to " + MAX_TEXT + " printable characters");
    }
    Refusals.throwIfAny(violations);
  }

  private void checkGpus(CallRules rules, Violations violations) {
    Integer pool = model == null ? null : rules.poolGpus().get(model);
    if (pool == null) {
      violations.add(
          "/model", "expected one of " + rules.poolGpus().keySet().stream().sorted().toList());
    }
    if (gpus == null || gpus < 1 || (pool != null && gpus > pool)) {
      violations.add("/gpus", "expected 1 to the pool of " + (pool == null ? "its model" : pool));
    } else if (rules.wholeHosts() && gpus % CallRules.HOST_GPUS != 0) {
      violations.add("/gpus", "expected whole hosts of " + CallRules.HOST_GPUS + " GPUs");
    }
    if (minGpus != null && (minGpus < 1 || (gpus != null && minGpus > gpus))) {
      violations.add("/minGpus", "expected 1 to gpus");
    }
  }

  /** The GPU model that it names. */
  Named named() {
    return Named.model(Objects.requireNonNull(model), "/model");
  }

  /** Its business number in the form in which it is kept. */
  @Nullable String number() {
    return businessNumber == null ? null : new BusinessNumber(businessNumber).value();
  }
}
