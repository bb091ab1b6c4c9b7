package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import java.time.Instant;

/**
 * Planned work on a host, which takes nothing new from {@code from} to {@code until}. {@code
 * returns} says that this work alone keeps the host closed now, so that it opens again at the end.
 */
public record PlannedWork(HostId host, Instant from, Instant until, boolean returns) {

  boolean covers(Instant at) {
    return !at.isBefore(from) && at.isBefore(until);
  }

  /** Whether the host is back from it at a time. */
  boolean isBackAt(Instant at) {
    return returns && !until.isAfter(at);
  }
}
