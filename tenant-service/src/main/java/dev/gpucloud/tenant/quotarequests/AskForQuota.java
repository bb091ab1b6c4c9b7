package dev.gpucloud.tenant.quotarequests;

import dev.gpucloud.contracts.text.Texts;
import dev.gpucloud.tenant.catalogue.Named;
import dev.gpucloud.tenant.engine.QuotaRules;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A higher limit that a tenant asks for. */
@Schema(
    name = "AskForQuota",
    examples =
        """
        {
          "model": "b200-sxm-180g",
          "wantedGpus": 5120,
          "reason": "Training run of the spring model."
        }""")
record AskForQuota(
    @Schema(required = true, examples = "b200-sxm-180g") @Nullable String model,
    @Schema(examples = "kr-ulsan-1", description = "Left out: over all sites.")
        @Nullable String site,
    @Schema(description = "Slug or id; left out: for the tenant with all its projects.")
        @Nullable String project,
    @Schema(
            required = true,
            examples = "128",
            minimum = "1",
            description = "The limit to be, in GPUs; above the one there is.")
        @Nullable Integer wantedGpus,
    @Schema(required = true, maxLength = MAX_TEXT, examples = "Training run of the spring model.")
        @Nullable String reason) {
  static final int MAX_TEXT = 1000;

  /** Fails with VALIDATION_FAILED naming every field that is wrong. */
  void check() {
    var violations = new Violations();
    if (model == null) {
      violations.add("/model", "is required");
    } else {
      QuotaRules.modelRefusal(model).ifPresent(why -> violations.add("/model", why));
    }
    if (site != null) {
      QuotaRules.siteRefusal(site).ifPresent(why -> violations.add("/site", why));
    }
    if (wantedGpus == null || wantedGpus < 1 || wantedGpus > QuotaRules.MAX_LIMIT_GPUS) {
      violations.add("/wantedGpus", "expected 1 to " + QuotaRules.MAX_LIMIT_GPUS + " GPUs");
    }
    if (reason == null || !Texts.isPrintable(reason, MAX_TEXT)) {
      violations.add("/reason", "expected 1 to " + MAX_TEXT + " printable characters");
    }
    Refusals.throwIfAny(violations);
  }

  /** What of the fleet it names. */
  List<Named> names() {
    Named named = Named.model(Objects.requireNonNull(model), "/model");
    return site == null ? List.of(named) : List.of(named, Named.site(site, "/site"));
  }

  String siteOrEmpty() {
    return site == null ? "" : site;
  }
}
