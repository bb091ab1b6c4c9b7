package dev.gpucloud.tenant.webhooks;

import io.quarkus.runtime.annotations.ConfigDocSection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where webhooks may go, and how long one may fail. */
@ConfigMapping(prefix = "gpucloud.webhooks")
public interface WebhookConfig {
  /** Whether http:// addresses and names of the local network are accepted; for development. */
  @ConfigDocSection
  @WithDefault("false")
  boolean plainHttp();

  /**
   * Networks such as 10.1.0.0/16 that webhooks may go to although they are not public,
   * comma-separated.
   */
  Optional<List<String>> allowedNetworks();

  /** How long a receiver may take to answer, from the connection on. */
  @WithDefault("PT10S")
  Duration timeout();

  /** How long a webhook may fail without one success before it is disabled. */
  @WithDefault("P5D")
  Duration disableAfter();

  /** How long the secret before the last rotation still signs beside the new one. */
  @WithDefault("PT24H")
  Duration rotationOverlap();

  /** Most webhooks of one tenant. */
  @WithDefault("20")
  int mostPerTenant();
}
