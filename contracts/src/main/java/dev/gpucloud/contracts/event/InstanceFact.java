package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An instance after a change, with all that billing and tenants need at that time, on {@link
 * Topics#INSTANCES}. {@code at} is the stamp that counts for billing: the agent's for a start, the
 * accepted request's for a stop. {@code maintenanceAt} is when what is planned for its host stops
 * it.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record InstanceFact(
    InstanceId instanceId,
    @Nullable RunId runId,
    TenantId tenantId,
    ProjectId projectId,
    String tenantSlug,
    String projectSlug,
    String instanceName,
    String instanceType,
    String gpuModel,
    int gpus,
    @Nullable String migProfile,
    int gpuSlices,
    String site,
    String region,
    @Nullable HostId hostId,
    String purchaseClass,
    @Nullable String costCenter,
    String state,
    @Nullable String reason,
    Instant at,
    @Nullable Instant maintenanceAt) {}
