package dev.gpucloud.inventory.placement;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How pools are owned and how their decisions are committed. */
@ConfigMapping(prefix = "gpucloud.placement")
public interface PlacementConfig {
  /** How long a pool's owner may be silent before another replica takes the pool over. */
  @WithDefault("PT3S")
  Duration lease();

  /** How often an owner renews its leases and others look for pools without an owner. */
  @WithDefault("PT0.5S")
  Duration renewal();

  /** Most decisions in one transaction. */
  @WithDefault("256")
  int batchSize();

  /** Most transactions of one pool under way at once. */
  @WithDefault("2")
  int batchesAtOnce();

  /** Fewest requests that are worth a transaction beside one that is under way. */
  @WithDefault("96")
  int batchBeside();

  /** Most requests waiting for one pool; more are refused at once. */
  @WithDefault("4096")
  int queueSize();

  /** How often the owner looks for proven releases that no message told it of. */
  @WithDefault("PT2S")
  Duration sweep();

  /** How old the picture of another replica's pools may be in answers that take nothing. */
  @WithDefault("PT0.25S")
  Duration viewAge();

  /** How long an owner may hold locks without a word before the database ends its transaction. */
  @WithDefault("PT1.5S")
  Duration silence();
}
