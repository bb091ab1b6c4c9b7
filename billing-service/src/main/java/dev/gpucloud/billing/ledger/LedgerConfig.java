package dev.gpucloud.billing.ledger;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Taking the books away. */
@ConfigMapping(prefix = "gpucloud.ledger")
interface LedgerConfig {
  /** Most lines of one exported file; more are taken away in pages or by shorter stretches. */
  @WithDefault("200000")
  int mostLines();
}
