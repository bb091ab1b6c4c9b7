package dev.gpucloud.inventory.hosts;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How planned work and signs of life of hosts are followed up. */
@ConfigMapping(prefix = "gpucloud.fleet")
public interface FleetConfig {
  /** How far ahead a drain's deadline or a maintenance window may lie (business clock). */
  @WithDefault("P180D")
  Duration horizon();

  /** How long a replica that follows up planned work may be silent before another does it. */
  @WithDefault("PT15S")
  Duration lease();

  /** How often hosts that became unreachable, or are heard of again, are looked for. */
  @WithDefault("PT5S")
  Duration reachCheck();

  /** How often the state of maintenance windows is followed up. */
  @WithDefault("PT2S")
  Duration windowCheck();

  /** Most instances told, stopped or moved, and most hosts moved, in one step of a round. */
  @WithDefault("500")
  int batch();

  /**
   * How long a host with something on it may give no sign of life before it is unreachable and
   * takes nothing new (system clock). Agents promise a heartbeat for every such host each {@code
   * GPUCLOUD_AGENT_HEARTBEAT_INTERVAL}; this is a multiple of it. An idle host promises nothing and
   * is not judged.
   */
  @WithDefault("PT90S")
  Duration unreachableAfter();

  /**
   * How long this service listens after its start before it calls a host unreachable, so that what
   * was said while it was away is read first.
   */
  @WithDefault("PT90S")
  Duration listenFirst();
}
