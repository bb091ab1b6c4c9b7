package dev.gpucloud.tenant.quotas;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.tenant.engine.TenantKind;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A tenant's limit for one GPU model, in GPUs. */
@Schema(
    name = "Quota",
    description =
        "How many GPUs of a model a tenant may hold at one time. Usage counts at every tenant"
            + " above as well.")
public record QuotaView(
    @Schema(examples = "b200-sxm-180g") String model,
    @Schema(examples = "4096", description = "GPUs; null is no limit of its own.")
        @JsonInclude(JsonInclude.Include.ALWAYS)
        @Nullable Integer limitGpus,
    @Schema(
            examples = "1",
            description =
                "Counts changes from 1 and is the ETag; 0 when no limit was ever set. Inventory"
                    + " shows the version it has applied.")
        long version,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant updatedAt) {

  /** The view of a row. */
  static QuotaView of(QuotaEntity quota) {
    return new QuotaView(quota.model(), quota.limitGpus(), quota.version(), quota.updatedAt());
  }

  /** What holds without a row: nothing for a tenant, no limit of its own for a group. */
  static QuotaView unset(String model, TenantKind kind) {
    return new QuotaView(model, kind == TenantKind.GROUP ? null : 0, 0, null);
  }
}
