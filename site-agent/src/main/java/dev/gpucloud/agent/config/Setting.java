package dev.gpucloud.agent.config;

import org.jspecify.annotations.Nullable;

/**
 * Every setting of the agent, an environment variable each. {@code <SITE>} in a name stands for the
 * site in upper case with underscores. {@code docs/configuration.md} is generated from this list.
 */
public enum Setting {
  SITES("GPUCLOUD_AGENT_SITES", "List", null, "Comma-separated sites that this process serves."),
  STATE_DIR(
      "GPUCLOUD_AGENT_STATE_DIR",
      "Path",
      null,
      "Folder for the state of each site; must survive restarts."),
  DRIVER("GPUCLOUD_AGENT_DRIVER", "String", "simulated", "Driver of the hosts."),
  HTTP_HOST(
      "QUARKUS_HTTP_HOST", "String", "127.0.0.1", "Address that health and metrics are served at."),
  HTTP_PORT("QUARKUS_HTTP_PORT", "int", "8084", "Port that health and metrics are served at."),
  PROFILE(
      "QUARKUS_PROFILE",
      "String",
      "prod",
      "With prod the agent refuses to start when a development clock is set."),
  TOPICS_PREFIX(
      "GPUCLOUD_TOPICS_PREFIX", "String", "", "Prefix of every topic name and consumer group."),
  BOOTSTRAP_SERVERS(
      "KAFKA_BOOTSTRAP_SERVERS", "String", null, "Kafka brokers, host:port, comma-separated."),
  SECURITY_PROTOCOL(
      "KAFKA_SECURITY_PROTOCOL",
      "String",
      "PLAINTEXT",
      "Kafka security protocol; with SASL the credentials of each site are needed."),
  SASL_MECHANISM("KAFKA_SASL_MECHANISM", "String", "SCRAM-SHA-512", "Kafka SASL mechanism."),
  TRUSTSTORE_CERTIFICATES(
      "KAFKA_SSL_TRUSTSTORE_LOCATION",
      "Path",
      "",
      "PEM file with the certificate authority of the brokers; empty means the Java default."),
  KAFKA_USERNAME(
      "GPUCLOUD_AGENT_KAFKA_USERNAME_<SITE>",
      "String",
      "",
      "Kafka user of the site's agent, with SASL."),
  KAFKA_PASSWORD(
      "GPUCLOUD_AGENT_KAFKA_PASSWORD_<SITE>", "String", "", "Password of that user. Secret."),
  HEARTBEAT_INTERVAL(
      "GPUCLOUD_AGENT_HEARTBEAT_INTERVAL",
      "Duration",
      "PT10S",
      "System time between heartbeats of a host with runs."),
  RELEASED_RETENTION(
      "GPUCLOUD_AGENT_RELEASED_RETENTION",
      "Duration",
      "P30D",
      "How long a released run is remembered; longer than the orders topic keeps orders."),
  RELEASED_KEPT(
      "GPUCLOUD_AGENT_RELEASED_KEPT",
      "int",
      "10000",
      "Most released runs of a site remembered; the oldest are forgotten first."),
  SIMULATED_SEED(
      "GPUCLOUD_AGENT_SIMULATED_SEED",
      "long",
      "42",
      "Simulated driver: seed of boot times and failures."),
  SIMULATED_BOOT_MEDIAN(
      "GPUCLOUD_AGENT_SIMULATED_BOOT_MEDIAN",
      "Duration",
      "PT1S",
      "Simulated driver: median boot time in system time."),
  SIMULATED_SCRUB_TIME(
      "GPUCLOUD_AGENT_SIMULATED_SCRUB_TIME",
      "Duration",
      "PT0.3S",
      "Simulated driver: time to stop an instance and scrub its GPU memory."),
  SIMULATED_FAILURE_RATE(
      "GPUCLOUD_AGENT_SIMULATED_FAILURE_RATE",
      "number",
      "0",
      "Simulated driver: share of boots that fail, 0 to 1."),
  SIMULATED_BAD_HOST_RATE(
      "GPUCLOUD_AGENT_SIMULATED_BAD_HOST_RATE",
      "number",
      "0",
      "Simulated driver: share of hosts that boot nothing, 0 to 1; the seed says which."),
  SIMULATED_FAULT_RATE(
      "GPUCLOUD_AGENT_SIMULATED_FAULT_RATE",
      "number",
      "0",
      "Simulated driver: share of runs during which a GPU logs an XID error, 0 to 1."),
  SIMULATED_LOOK_TIME(
      "GPUCLOUD_AGENT_SIMULATED_LOOK_TIME",
      "Duration",
      "PT0.5S",
      "Simulated hardware: time to find a host that was ordered."),
  SIMULATED_BURN_IN_TIME(
      "GPUCLOUD_AGENT_SIMULATED_BURN_IN_TIME",
      "Duration",
      "PT2S",
      "Simulated hardware: time that a burn-in takes."),
  SIMULATED_MISSING_HOST_RATE(
      "GPUCLOUD_AGENT_SIMULATED_MISSING_HOST_RATE",
      "number",
      "0",
      "Simulated hardware: share of ordered hosts that are never found, 0 to 1."),
  SIMULATED_WRONG_HOST_RATE(
      "GPUCLOUD_AGENT_SIMULATED_WRONG_HOST_RATE",
      "number",
      "0",
      "Simulated hardware: share of hosts found with a GPU too few, 0 to 1."),
  SIMULATED_WEAK_GPU_RATE(
      "GPUCLOUD_AGENT_SIMULATED_WEAK_GPU_RATE",
      "number",
      "0",
      "Simulated hardware: share of hosts with a GPU at half its rate, 0 to 1."),
  CLOCK_URL(
      "GPUCLOUD_CLOCK_URL",
      "URI",
      "",
      "Address of the development clock; empty means that business time is system time."),
  CLOCK_TOKEN("GPUCLOUD_CLOCK_TOKEN", "String", "", "Token for the development clock. Secret.");

  private final String variable;
  private final String type;
  private final @Nullable String standard;
  private final String description;

  Setting(String variable, String type, @Nullable String standard, String description) {
    this.variable = variable;
    this.type = type;
    this.standard = standard;
    this.description = description;
  }

  /** The environment variable. */
  public String variable() {
    return variable;
  }

  /** What its value is: a Duration in ISO 8601 form, a List with commas, and so on. */
  public String type() {
    return type;
  }

  /** Its default; null when it must be set. */
  public @Nullable String standard() {
    return standard;
  }

  /** What it does. */
  public String description() {
    return description;
  }
}
