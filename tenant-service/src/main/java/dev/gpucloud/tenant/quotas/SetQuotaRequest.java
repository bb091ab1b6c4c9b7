package dev.gpucloud.tenant.quotas;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gpucloud.tenant.engine.QuotaRules;
import dev.gpucloud.tenant.engine.QuotaTerms;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The limit to be. The field must be there; null is no limit of its own. */
@Schema(
    name = "SetQuota",
    examples =
        """
        {"limitGpus": 2048, "guaranteedGpus": 1024, "borrowLimitGpus": 512}""")
record SetQuotaRequest(
    @JsonProperty(required = true)
        @Schema(
            required = true,
            examples = "4096",
            minimum = "0",
            description =
                "GPUs held at one time; null for no limit of its own. A limit below what is held"
                    + " now only stops growth.")
        @Nullable Long limitGpus,
    @Schema(
            examples = "2048",
            minimum = "0",
            description =
                "GPUs that are promised. The promises to all children together are at most the"
                    + " parent's. Left out or null: nothing is promised.")
        @Nullable Long guaranteedGpus,
    @Schema(
            examples = "512",
            minimum = "0",
            description =
                "How many GPUs that siblings leave idle may be used beyond what is guaranteed; 0"
                    + " for none. Left out or null: as many as the limits allow. Needs"
                    + " guaranteedGpus.")
        @Nullable Long borrowLimitGpus) {
  /** The terms asked for, with what is wrong with them added. */
  QuotaTerms terms(Violations violations) {
    check("/limitGpus", limitGpus, violations);
    check("/guaranteedGpus", guaranteedGpus, violations);
    check("/borrowLimitGpus", borrowLimitGpus, violations);
    if (borrowLimitGpus != null && guaranteedGpus == null) {
      violations.add("/borrowLimitGpus", "needs guaranteedGpus: what lies beyond it is borrowed");
    }
    Refusals.throwIfAny(violations);
    return new QuotaTerms(whole(limitGpus), whole(guaranteedGpus), whole(borrowLimitGpus));
  }

  private static void check(String pointer, @Nullable Long gpus, Violations violations) {
    QuotaRules.limitRefusal(gpus).ifPresent(why -> violations.add(pointer, why));
  }

  private static @Nullable Integer whole(@Nullable Long gpus) {
    return gpus == null ? null : Math.toIntExact(gpus);
  }
}
