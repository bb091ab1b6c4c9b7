package dev.gpucloud.inventory.maintenance;

import dev.gpucloud.contracts.id.MaintenanceWindowId;
import java.time.Instant;

/**
 * Planned work. PLANNED until the notice, DRAINING until the start, OPEN until the end; DONE or
 * CANCELLED then. Times are business time; {@code target} is a host's name or the id of a rack or
 * hall.
 */
public record WindowView(
    MaintenanceWindowId id,
    String scope,
    String target,
    String state,
    Instant noticeAt,
    Instant startsAt,
    Instant endsAt,
    String reason,
    String createdBy,
    Instant createdAt,
    long version) {

  static WindowView of(WindowEntity w) {
    return new WindowView(
        new MaintenanceWindowId(w.id),
        w.scope,
        w.target,
        w.state,
        w.noticeAt,
        w.startsAt,
        w.endsAt,
        w.reason,
        w.createdBy,
        w.createdAt,
        w.version);
  }
}
