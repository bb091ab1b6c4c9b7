package dev.gpucloud.gateway.limits;

import io.quarkus.runtime.annotations.ConfigDocSection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How much one caller, tenant or address may send to the gateway. */
@ConfigMapping(prefix = "gpucloud.gateway.limits")
public interface LimitsConfig {

  /** Replicas of the gateway: each gives its share of every limit while there is no store. */
  @ConfigDocSection
  @WithDefault("1")
  int replicas();

  /** Time that the numbers below are for; after as much rest all of them may come at once. */
  @WithDefault("PT1M")
  Duration window();

  /** Reads of one API key. */
  @WithDefault("6000")
  int readsPerKey();

  /** Reads of one person or service account, all of its keys together. */
  @WithDefault("6000")
  int readsPerUser();

  /** Reads of one tenant. */
  @WithDefault("30000")
  int readsPerTenant();

  /** Changes of one API key. */
  @WithDefault("1200")
  int writesPerKey();

  /** Changes of one person or service account, all of its keys together. */
  @WithDefault("1200")
  int writesPerUser();

  /** Changes of one tenant. */
  @WithDefault("6000")
  int writesPerTenant();

  /** Imports, exports and documents of one API key. */
  @WithDefault("120")
  int heavyPerKey();

  /** Imports, exports and documents of one person or service account. */
  @WithDefault("120")
  int heavyPerUser();

  /** Imports, exports and documents of one tenant. */
  @WithDefault("600")
  int heavyPerTenant();

  /** Requests without a caller of one address: tokens by client credentials, the API's document. */
  @WithDefault("300")
  int openPerAddress();

  /** Wrong tokens and API keys of one address. */
  @WithDefault("60")
  int wrongCredentialsPerAddress();

  /** Requests that one caller may have under way at a replica. */
  @WithDefault("24")
  int concurrentPerCaller();

  /** Requests that one tenant may have under way at a replica; fewer than connections held. */
  @WithDefault("32")
  int concurrentPerTenant();

  /** Callers, tenants and addresses whose limits are remembered. */
  @WithDefault("100000")
  int remembered();

  /** The PostgreSQL through which replicas share limits. */
  Store store();

  /** The PostgreSQL through which replicas share limits. */
  interface Store {
    /** Host of the database server; unset, each replica gives its static share. */
    Optional<String> host();

    /** Port of the database server. */
    @WithDefault("5432")
    int port();

    /** Name of the database, which is the gateway's own. */
    @WithDefault("gateway")
    String name();

    /** Role that owns the database. */
    @WithDefault("gateway")
    String username();

    /** Password of the role. Secret. */
    Optional<String> password();

    /** How often a replica tells what it gave; sooner where much was given. */
    @WithDefault("PT0.25S")
    Duration interval();
  }
}
