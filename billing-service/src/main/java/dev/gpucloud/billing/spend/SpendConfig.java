package dev.gpucloud.billing.spend;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Budgets of won: how many there may be, and how often they are looked at. */
@ConfigMapping(prefix = "gpucloud.spend")
interface SpendConfig {
  /** Most budgets of a tenant, those of its projects included. */
  @WithDefault("100")
  int mostBudgets();

  /**
   * How often budgets are looked for that are due: by what their tenant started or stopped, or
   * because what runs brings them to an amount that matters.
   */
  @WithDefault("PT5S")
  Duration check();

  /** The longest that a budget is not looked at, whatever happens: other prices or terms. */
  @WithDefault("PT5M")
  Duration longestWait();

  /** Most tenants looked at in one round; the others come first in the next one. */
  @WithDefault("10000")
  int mostTenants();

  /** Tenants whose usage is read in one transaction. */
  @WithDefault("50")
  int batchSize();

  /** How long one replica does this alone. */
  @WithDefault("PT30S")
  Duration lease();
}
