package dev.gpucloud.agent.engine;

import dev.gpucloud.contracts.event.BurnInReport;
import dev.gpucloud.contracts.event.HostDiscovery;
import java.time.Instant;

/** A report about a host on its way into service. */
public sealed interface HostReport {

  /** A host as it was found. */
  record Discovered(HostDiscovery data) implements HostReport {}

  /** A burn-in that ended. */
  record BurnedIn(BurnInReport data) implements HostReport {}

  /** Business time of what it tells. */
  default Instant at() {
    return switch (this) {
      case Discovered discovered -> discovered.data().at();
      case BurnedIn burnedIn -> burnedIn.data().finishedAt();
    };
  }
}
