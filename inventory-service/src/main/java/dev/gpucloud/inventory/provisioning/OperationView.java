package dev.gpucloud.inventory.provisioning;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.OperationId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Long work: what was asked for and whether it is done. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OperationView(
    OperationId id,
    String kind,
    String state,
    @Nullable String reason,
    InstanceId instance,
    String createdBy,
    Instant createdAt,
    @Nullable Instant doneAt) {

  static OperationView of(OperationEntity o) {
    return new OperationView(
        new OperationId(o.id),
        o.kind,
        o.state,
        o.reason,
        new InstanceId(o.instanceId),
        o.createdBy,
        o.createdAt,
        o.doneAt);
  }
}
