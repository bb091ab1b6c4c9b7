package dev.gpucloud.inventory.hosts;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.MaintenanceWindowId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The drain of a host: OPEN until it is empty (DONE) or the drain was called off (CANCELLED).
 * {@code instancesLeft} counts what still holds slices of it. Times are business time.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DrainView(
    HostId host,
    String state,
    String goal,
    Instant deadline,
    String reason,
    @Nullable MaintenanceWindowId maintenanceWindow,
    long instancesLeft,
    String requestedBy,
    Instant requestedAt,
    @Nullable Instant endedAt) {

  static DrainView of(DrainEntity d, long instancesLeft) {
    return new DrainView(
        new HostId(d.hostId),
        d.state,
        d.goal,
        d.deadline,
        d.reason,
        d.windowId == null ? null : new MaintenanceWindowId(d.windowId),
        instancesLeft,
        d.requestedBy,
        d.requestedAt,
        d.endedAt);
  }
}
