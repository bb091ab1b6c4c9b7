package dev.gpucloud.tenant.quotas;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.tenant.engine.TenantKind;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A tenant's or project's limit for one GPU model, in GPUs. */
@Schema(
    name = "Quota",
    description =
        "How many GPUs of a model may be held at one time: by the tenant, or by the project when"
            + " one is named; over all sites, or at the site when one is named. Usage counts at"
            + " every tenant above as well.")
public record QuotaView(
    @Schema(examples = "b200-sxm-180g") String model,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ProjectId projectId,
    @Schema(examples = "kr-ulsan-1") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String site,
    @Schema(examples = "4096", description = "GPUs; null is no limit of its own.")
        @JsonInclude(JsonInclude.Include.ALWAYS)
        @Nullable Integer limitGpus,
    @Schema(examples = "2048", description = "GPUs that are promised.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Integer guaranteedGpus,
    @Schema(
            examples = "512",
            description = "How many GPUs beyond those guaranteed may be borrowed from siblings.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Integer borrowLimitGpus,
    @Schema(
            examples = "1",
            description =
                "Counts changes from 1 and is the ETag; 0 when no limit was ever set. Inventory"
                    + " shows the version it has applied.")
        long version,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant updatedAt) {

  /** The view of a row. */
  static QuotaView of(QuotaEntity quota) {
    return new QuotaView(
        quota.model(),
        quota.project(),
        quota.siteOrNull(),
        quota.limitGpus(),
        quota.terms().guaranteedGpus(),
        quota.terms().borrowLimitGpus(),
        quota.version(),
        quota.updatedAt());
  }

  /**
   * What holds without a row: nothing for a tenant over all sites; no limit of its own for a group,
   * for a project and for one site.
   */
  static QuotaView unset(QuotaScope scope, String model, TenantKind kind) {
    boolean nothing = kind != TenantKind.GROUP && scope.equals(QuotaScope.of(scope.tenant()));
    String site = scope.site().isEmpty() ? null : scope.site();
    return new QuotaView(model, scope.project(), site, nothing ? 0 : null, null, null, 0, null);
  }
}
