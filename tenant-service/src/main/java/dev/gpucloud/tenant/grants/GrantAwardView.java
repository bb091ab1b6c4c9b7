package dev.gpucloud.tenant.grants;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.GrantApplicationId;
import dev.gpucloud.contracts.id.GrantAwardId;
import dev.gpucloud.contracts.id.GrantCallId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An award as its tenant and the platform see it. */
@Schema(name = "GrantAward")
@JsonInclude(JsonInclude.Include.NON_NULL)
record GrantAwardView(
    GrantAwardId id,
    GrantCallId callId,
    GrantApplicationId applicationId,
    @Schema(description = "Left out until the applicant has a tenant.") @Nullable TenantId tenantId,
    String model,
    int gpus,
    GrantAward.State state,
    @Schema(description = "Accepted before this instant or lapsed.") @Nullable Instant acceptBy,
    @Schema(description = "By how much the tenant's limit is raised now.") int raisedGpus,
    @Nullable Instant noticedAt,
    @Schema(description = "Share of the awarded GPU time that ran, as measured last.")
        @Nullable Integer usedPct,
    String explanation,
    @Schema(
            description =
                "Why it ended early or lapsed: TENANT_CLOSED when its tenant was closed. Left out"
                    + " where the state says it all.")
        GrantAward.@Nullable EndReason endReason,
    long version) {
  static GrantAwardView of(GrantAward award) {
    return new GrantAwardView(
        new GrantAwardId(award.id()),
        new GrantCallId(award.call()),
        new GrantApplicationId(award.application()),
        award.tenant() == null ? null : new TenantId(award.tenant()),
        award.model(),
        award.gpus(),
        award.state(),
        award.acceptBy(),
        award.raisedGpus(),
        award.noticedAt(),
        award.usedPct(),
        award.explanation(),
        award.endReason(),
        award.version());
  }
}
