package dev.gpucloud.inventory.provisioning;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.inventory.instance.ClusterRef;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.InstanceState;
import dev.gpucloud.inventory.instance.MaintenanceNotice;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An instance as its tenant sees it. {@code project} is {@code tenant.project} in slugs; {@code
 * gpus} is 0 for a slice, {@code gpuSlices} counts eighths of a GPU. {@code host} is there while it
 * holds GPUs, {@code maintenance} while something is planned for that host, {@code resizingTo}
 * until the agent has booted it into that type.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InstanceView(
    InstanceId id,
    String name,
    InstanceState state,
    @Nullable String reason,
    String instanceType,
    String gpuModel,
    int gpus,
    @Nullable String migProfile,
    int gpuSlices,
    String tenant,
    TenantId tenantId,
    String project,
    ProjectId projectId,
    String site,
    String region,
    @Nullable HostId host,
    RunId runId,
    String purchaseClass,
    @Nullable String image,
    @JsonRawValue @Schema(implementation = Map.class) String labels,
    @Nullable OperationId operation,
    @Nullable String resizingTo,
    @Nullable ClusterRef cluster,
    @Nullable MaintenanceNotice maintenance,
    @Nullable AntiAffinityRequest antiAffinity,
    boolean dedicated,
    String createdBy,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant stoppedAt,
    Instant updatedAt,
    long version) {

  public static InstanceView of(InstanceEntity i) {
    return new InstanceView(
        i.id(),
        i.name(),
        i.state(),
        i.reason(),
        i.instanceType(),
        i.modelId(),
        i.gpus(),
        i.migProfile(),
        i.slices(),
        i.tenantSlug(),
        i.tenantId(),
        i.tenantSlug() + "." + i.projectSlug(),
        i.projectId(),
        i.siteId(),
        i.regionId(),
        i.hostId(),
        i.runId(),
        i.purchaseClass(),
        i.image(),
        i.labelsJson(),
        i.operationId(),
        i.resizeType(),
        i.cluster(),
        i.notice(),
        AntiAffinityRequest.of(i.standing().apart()),
        i.standing().dedicated(),
        i.createdBy(),
        i.createdAt(),
        i.startedAt(),
        i.stoppedAt(),
        i.updatedAt(),
        i.version());
  }
}
