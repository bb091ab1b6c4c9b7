package dev.gpucloud.kit.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What every service of the control plane is configured by. */
@ConfigMapping(prefix = "gpucloud")
public interface KitConfig {
  /** The service's own database. */
  Db db();

  /** Kafka topics. */
  Topics topics();

  /** The identity provider. */
  Oidc oidc();

  /** Tokens made of API keys. */
  ApiKeys apiKeys();

  /** tenant-service. */
  Tenant tenant();

  /** The movable business clock of a development stack; absent in production. */
  Clock clock();

  /** The outbox relay. */
  Outbox outbox();

  /** Idempotency keys. */
  Idempotency idempotency();

  /** The service's HTTP server. */
  Http http();

  /** Who may act where. */
  Access access();

  /** What a service says of closing tenants. */
  Closings closings();

  /** Audit entries. */
  AuditEntries audit();

  /**
   * For tests of failures, refused in the prod profile: a folder. The process that reaches a point
   * which a file in it is named after removes the file and ends.
   */
  Optional<Path> crashAt();

  /** Audit entries. */
  interface AuditEntries {
    /**
     * Largest value before or after a change, in bytes of JSON; of a larger one the size is kept.
     */
    @WithDefault("16384")
    int maxDetailBytes();

    /** How long denied requests are counted together before they are written. */
    @WithDefault("PT10S")
    Duration denialWindow();

    /** Most kinds of denied requests told apart in one window; what is beyond is one entry. */
    @WithDefault("1000")
    int denialKinds();
  }

  /** The service's own database. */
  interface Db {
    /**
     * Prefix of the service's database roles: {@code tenant}, {@code inventory}, {@code billing}.
     */
    String role();

    /** Host of PostgreSQL. */
    String host();

    /** Port of PostgreSQL. */
    int port();

    /** Name of the database. */
    String name();

    /** Role the pool logs in as; it may only switch to the working roles. */
    String username();

    /** Password of the login role. */
    Optional<String> password();

    /** Role that owns the tables; used for migrations only. */
    String ownerUsername();

    /** Password of the owner role. */
    Optional<String> ownerPassword();

    /** Largest number of pooled connections. */
    @WithDefault("12")
    int poolSize();
  }

  /** Kafka topics. */
  interface Topics {
    /** Put before every topic and consumer group name, so that installations can share a broker. */
    Optional<String> prefix();
  }

  /** The identity provider. */
  interface Oidc {
    /** Issuer URL of the Keycloak realm. */
    String issuer();

    /** Client id of this service for calls to other services. */
    String clientId();

    /** Client secret of this service. */
    Optional<String> clientSecret();
  }

  /** tenant-service. */
  interface Tenant {
    /** Base address of tenant-service, which publishes the keys of tokens made of API keys. */
    @WithDefault("http://127.0.0.1:8081")
    String url();
  }

  /** Tokens made of API keys. */
  interface ApiKeys {
    /** Issuer that tenant-service names in the tokens it makes of API keys. */
    @WithDefault("urn:gpucloud:api-keys")
    String issuer();
  }

  /** The movable business clock of a development stack. */
  interface Clock {
    /** Control address of the development stack; when set, the business clock follows it. */
    Optional<String> url();

    /** Bearer token for the control address. */
    Optional<String> token();
  }

  /** The outbox relay. */
  interface Outbox {
    /** Most events published in one round. */
    @WithDefault("500")
    int batchSize();

    /** Longest wait before the outbox is looked at again when nothing nudged the relay. */
    @WithDefault("PT0.25S")
    Duration pollInterval();

    /**
     * Shortest time from one round to the next unless a round was full: events collect meanwhile.
     */
    @WithDefault("PT0.02S")
    Duration linger();

    /** How long one relay keeps the right to publish without renewing it. */
    @WithDefault("PT5S")
    Duration lease();
  }

  /** Idempotency keys. */
  interface Idempotency {
    /** How long the answer to a key can be asked for again. */
    @WithDefault("P30D")
    Duration retention();
  }

  /** The service's HTTP server. */
  interface Http {
    /** How long a stopping service lets requests under way end. */
    @WithDefault("PT10S")
    Duration drainTimeout();
  }

  /** Who may act where. */
  interface Access {
    /**
     * How long a caller's roles at a tenant are remembered; a revocation that another replica
     * applied takes at most this long to act.
     */
    @WithDefault("PT1S")
    Duration cacheTtl();

    /** Most callers remembered. */
    @WithDefault("10000")
    long cacheSize();

    /** How long a verified bearer token is believed without verifying it again. */
    @WithDefault("PT1M")
    Duration tokenTtl();

    /** Most verified tokens remembered. */
    @WithDefault("10000")
    long tokenCacheSize();
  }

  /** What a service says of closing tenants. */
  interface Closings {
    /** How often it is looked at what is still held of closing tenants. */
    @WithDefault("PT5S")
    Duration check();

    /** Most closing tenants looked at in one round. */
    @WithDefault("200")
    int batch();

    /** How long one replica does this alone. */
    @WithDefault("PT30S")
    Duration lease();
  }
}
