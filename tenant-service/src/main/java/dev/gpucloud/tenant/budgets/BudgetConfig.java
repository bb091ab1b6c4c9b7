package dev.gpucloud.tenant.budgets;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Budgets of GPU-hours. */
@ConfigMapping(prefix = "gpucloud.budgets")
public interface BudgetConfig {
  /**
   * How often use is compared with the budgets. Growth goes on for at most this long, and the time
   * that two events take, after a budget is used up.
   */
  @WithDefault("PT5S")
  Duration check();

  /** Budgets looked at in one transaction. */
  @WithDefault("50")
  int batchSize();
}
