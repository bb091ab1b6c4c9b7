package dev.gpucloud.tenant.directory;

import io.quarkus.runtime.annotations.ConfigDocSection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** How organisations and members are kept in step in Keycloak. */
@ConfigMapping(prefix = "gpucloud.directory")
public interface DirectoryConfig {
  /**
   * Address of the realm's admin API, such as {@code
   * https://sso.example.com/admin/realms/gpucloud}; without it nothing is kept in step.
   */
  @ConfigDocSection
  Optional<URI> adminUrl();

  /** Client with the rights manage-organizations and manage-users and no others. */
  @WithDefault("gpucloud-directory")
  String clientId();

  /** Secret of that client. */
  Optional<String> clientSecret();

  /** Most entries taken from the work list at a time. */
  @WithDefault("50")
  int batchSize();

  /** Most entries worked on at the same time. */
  @WithDefault("4")
  int concurrency();

  /** How long one call may take. */
  @WithDefault("PT10S")
  Duration timeout();

  /** How long a replica may work on what it took before another replica takes it again. */
  @WithDefault("PT2M")
  Duration lease();

  /** Wait after the first failure; doubled with each further one. */
  @WithDefault("PT1S")
  Duration firstDelay();

  /** Longest wait between two tries. */
  @WithDefault("PT1H")
  Duration longestDelay();

  /** How often every organisation and member is compared again, spread over that time. */
  @WithDefault("PT6H")
  Duration repairInterval();
}
