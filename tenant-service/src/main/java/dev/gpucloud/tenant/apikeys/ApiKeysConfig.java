package dev.gpucloud.tenant.apikeys;

import io.quarkus.runtime.annotations.ConfigDocSection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of API keys and of the tokens made of them. */
@ConfigMapping(prefix = "gpucloud.api-keys")
public interface ApiKeysConfig {
  /**
   * Secret that seals the signing keys in the database; at least 32 random characters, the same for
   * every replica. Required outside development.
   */
  @ConfigDocSection
  String sealingSecret();

  /** How long a key lives whose request says nothing. */
  @WithDefault("P90D")
  Duration defaultLifetime();

  /** Longest life of a key. */
  @WithDefault("P366D")
  Duration longestLifetime();

  /** Most keys of one holder that are neither revoked nor expired. */
  @WithDefault("50")
  int keysPerHolder();

  /** How long a token made of a key is valid. */
  @WithDefault("PT1M")
  Duration tokenLifetime();

  /** How long a token is valid that a client asked for itself with client credentials. */
  @WithDefault("PT15M")
  Duration clientTokenLifetime();

  /** How long a signing key signs before the next one does. */
  @WithDefault("P30D")
  Duration rotation();

  /** How long a signing key is published before it signs. */
  @WithDefault("PT1H")
  Duration publishLead();

  /** How often the last use of keys is written. */
  @WithDefault("PT10S")
  Duration useInterval();
}
