package dev.gpucloud.inventory.provisioning;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How orders are followed up. All limits run on the system clock. */
@ConfigMapping(prefix = "gpucloud.provisioning")
public interface ProvisioningConfig {
  /** How long an order may stay without the report that fulfils it before it is sent again. */
  @WithDefault("PT30S")
  Duration resendAfter();

  /**
   * How long a host may neither prove a release nor give a sign of life before its instances go on
   * without it: the host is quarantined and its slices stay fenced until the proof comes.
   */
  @WithDefault("PT10M")
  Duration silenceLimit();

  /**
   * How often a boot that failed is tried again, each time on another host, before the instance has
   * failed.
   */
  @WithDefault("2")
  int bootRetries();

  /**
   * How far the time that an agent names for what it reports may lie ahead of the business clock,
   * or before the time at which its run was asked for. A report beyond that is refused: instances
   * are billed by these times.
   */
  @WithDefault("PT5M")
  Duration stampTolerance();

  /** How often orders without an answer and boots to be tried again are looked for. */
  @WithDefault("PT5S")
  Duration followUp();

  /** How often the hosts' latest signs of life are stored. */
  @WithDefault("PT5S")
  Duration signStore();

  /** How often hosts past the silence limit are looked for. */
  @WithDefault("PT15S")
  Duration silenceCheck();

  /** Most orders sent again in one round. */
  @WithDefault("500")
  int resendBatch();
}
