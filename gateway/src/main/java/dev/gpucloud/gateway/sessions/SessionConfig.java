package dev.gpucloud.gateway.sessions;

import io.quarkus.runtime.annotations.ConfigDocSection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Sessions of browsers that use the console. */
@ConfigMapping(prefix = "gpucloud.gateway.sessions")
public interface SessionConfig {

  /**
   * Address under which browsers have the gateway: scheme, host and port, without a path. Unset, no
   * browser can log in. http is for development, on the loopback address alone.
   */
  @ConfigDocSection
  Optional<URI> publicUrl();

  /**
   * Secrets that cookies are sealed with, comma-separated, 32 or more random characters each: the
   * first seals, all open. The same at every replica. Made at start for development when unset.
   * Secret.
   */
  Optional<List<String>> keys();

  /** Client id of the console at the identity provider. */
  @WithDefault("gpucloud-console")
  String clientId();

  /** Client secret of the console. Secret. */
  Optional<String> clientSecret();

  /** How long a session lasts that is not used. */
  @WithDefault("PT1H")
  Duration idleTimeout();

  /** How long a session lasts at most. */
  @WithDefault("PT12H")
  Duration longestLife();

  /**
   * How long a replica uses an access token before it asks the identity provider for the next: what
   * has ended there ends here within this time.
   */
  @WithDefault("PT1M")
  Duration checkInterval();

  /** How long somebody may take to log in. */
  @WithDefault("PT30M")
  Duration loginTimeout();

  /** How long the identity provider may take to answer. */
  @WithDefault("PT10S")
  Duration providerTimeout();

  /** Sessions whose access token is remembered at a replica. */
  @WithDefault("10000")
  int remembered();
}
