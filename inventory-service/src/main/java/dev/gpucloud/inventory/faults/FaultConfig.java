package dev.gpucloud.inventory.faults;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How far reported faults may go. All times run on the system clock. */
@ConfigMapping(prefix = "gpucloud.faults")
public interface FaultConfig {
  /**
   * Most hosts of one site that faults may quarantine within the window; one more opens the
   * breaker.
   */
  @WithDefault("5")
  int hostLimit();

  /** Most GPUs of one site that faults may drain within the window; one more opens the breaker. */
  @WithDefault("20")
  int gpuLimit();

  /** How long back the breaker counts. */
  @WithDefault("PT1H")
  Duration window();

  /**
   * Most faults of one host that are kept within an hour. More are counted, and only those that ask
   * for the GPU or the host to be taken out are still acted on.
   */
  @WithDefault("1000")
  int keptPerHostAndHour();

  /** How often the metric of open breakers is read. */
  @WithDefault("PT15S")
  Duration breakerCheck();

  /** How long faults are kept. */
  @WithDefault("P400D")
  Duration retention();
}
