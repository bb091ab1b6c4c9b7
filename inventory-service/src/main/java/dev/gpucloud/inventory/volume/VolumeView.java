package dev.gpucloud.inventory.volume;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.VolumeId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A volume: AVAILABLE, IN_USE, DELETING or DELETED. {@code boot} is the one that its instance boots
 * from; {@code deleteOnTermination} says that it goes with its instance, not with a stop.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VolumeView(
    VolumeId id,
    String name,
    ProjectId projectId,
    String site,
    int sizeGib,
    String state,
    @Nullable InstanceId instance,
    boolean boot,
    boolean deleteOnTermination,
    String createdBy,
    Instant createdAt,
    Instant updatedAt,
    long version) {

  static VolumeView of(VolumeEntity v) {
    return new VolumeView(
        new VolumeId(v.id),
        v.name,
        new ProjectId(v.projectId),
        v.siteId,
        v.sizeGib,
        v.state,
        v.instanceId == null ? null : new InstanceId(v.instanceId),
        v.boot,
        v.deleteOnTermination,
        v.createdBy,
        v.createdAt,
        v.updatedAt,
        v.version);
  }
}
