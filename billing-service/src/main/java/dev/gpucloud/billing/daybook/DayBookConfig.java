package dev.gpucloud.billing.daybook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How a month is rated while it goes on. */
@ConfigMapping(prefix = "gpucloud.day-books")
interface DayBookConfig {
  /** How often days are looked for that are over and have no book. */
  @WithDefault("PT30S")
  Duration check();

  /** How long a day must have been left alone: what is under way has committed by then. */
  @WithDefault("PT1M")
  Duration rest();

  /** The most days of tenants that are booked together. */
  @WithDefault("200")
  int batch();

  /** The most runs of which they are made, unless one day has more: what is booked is in memory. */
  @WithDefault("10000")
  int batchRuns();

  /** How many months before the present one are booked as well, unless they are closed. */
  @WithDefault("2")
  int monthsBack();

  /** How long one replica does this alone. */
  @WithDefault("PT1M")
  Duration lease();
}
