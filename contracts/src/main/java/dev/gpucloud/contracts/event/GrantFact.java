package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.GrantAwardId;
import dev.gpucloud.contracts.id.GrantCallId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * GPUs that a grant programme awarded to a tenant, on {@link Topics#GRANTS}. While {@code state} is
 * ACTIVE or NOTICED, the tenant pays {@code customerSharePct} of the price of what it uses of them
 * within the window. {@code noticedAt} is when it was told that it uses too little.
 *
 * @param endReason why it ended early or lapsed where the state does not say it: TENANT_CLOSED
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record GrantFact(
    GrantAwardId awardId,
    GrantCallId callId,
    String programme,
    TenantId tenantId,
    String model,
    int gpus,
    int customerSharePct,
    Instant windowStart,
    Instant windowEnd,
    String state,
    @Nullable Integer usedPct,
    @Nullable Instant noticedAt,
    @Nullable String endReason) {}
