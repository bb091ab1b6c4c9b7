package dev.gpucloud.gateway;

import io.quarkus.runtime.annotations.ConfigDocSection;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where the gateway forwards to, and every limit it puts on a request. */
@ConfigMapping(prefix = "gpucloud.gateway")
public interface GatewayConfig {

  /** Base address of tenant-service. */
  @ConfigDocSection
  URI tenantUrl();

  /** Base address of inventory-service. */
  URI inventoryUrl();

  /** Base address of billing-service. */
  URI billingUrl();

  /**
   * Threads that carry requests. One uses one core; where there are more, more replicas cost less
   * than more threads, as requests and connections to services need not change threads.
   */
  @WithDefault("1")
  int eventLoops();

  /** Largest request body of an ordinary route. */
  @WithDefault("1M")
  MemorySize bodyLimit();

  /** Largest request body of an import route ({@code .../imports/...}). */
  @WithDefault("32M")
  MemorySize importBodyLimit();

  /** Longest path with its query. */
  @WithDefault("8K")
  MemorySize addressLimit();

  /** Largest sum of the names and values of a request's headers. */
  @WithDefault("16K")
  MemorySize headerLimit();

  /**
   * Proxies in front of the gateway that each add an address to X-Forwarded-For; 0 when callers
   * connect by themselves.
   */
  @WithDefault("0")
  int trustedProxies();

  /** How long to wait for a connection to a service. */
  @WithDefault("PT2S")
  Duration connectTimeout();

  /** How long a service may be silent, before its answer or within it. */
  @WithDefault("PT30S")
  Duration responseTimeout();

  /** Connections held to each service. */
  @WithDefault("64")
  int connectionsPerUpstream();

  /** Requests that may wait for a connection to one service before others get 503. */
  @WithDefault("512")
  int waitingPerUpstream();

  /** What a 503 tells the client to wait. */
  @WithDefault("PT2S")
  Duration retryAfter();

  /** When a service that fails is left alone. */
  Breaker breaker();

  /** When a service that fails is left alone. */
  interface Breaker {
    /** Failures to reach it, or to hear from it in time, after which it is. */
    @WithDefault("5")
    int failures();

    /** The time within which they count. */
    @WithDefault("PT10S")
    Duration window();

    /** How long it is left alone before one request tries it again. */
    @WithDefault("PT2S")
    Duration pause();
  }

  /** How long a stopping gateway lets requests under way end. */
  @WithDefault("PT10S")
  Duration drainTimeout();

  /** Verified tokens remembered. */
  @WithDefault("10000")
  int tokenCacheSize();

  /** How long a verified token is believed without verifying it again, never beyond its expiry. */
  @WithDefault("PT1M")
  Duration tokenCacheTtl();

  /** Pages of other origins that may call the API from a browser. */
  Cors cors();

  /** Pages of other origins that may call the API from a browser. */
  interface Cors {
    /** Their origins, comma-separated: scheme, host and port each, without a path; none unset. */
    Optional<List<String>> origins();

    /** How long a browser may remember that it may. */
    @WithDefault("PT10M")
    Duration maxAge();
  }

  /** Callers with API keys. */
  Keys apiKeys();

  /** Callers with API keys. */
  interface Keys {
    /** Keys remembered. */
    @WithDefault("10000")
    int cacheSize();

    /** How long a refusal is remembered before tenant-service is asked about the key again. */
    @WithDefault("PT10S")
    Duration refusalTtl();
  }
}
