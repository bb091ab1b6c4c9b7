package dev.gpucloud.devstack.client;

import java.util.Map;

/** Where the broker is and how a principal authenticates there, as client properties. */
public record KafkaAccess(String bootstrapServers, Passwords passwords) {
  /** The principal that may do everything. */
  public static final String ADMIN = "admin";

  /** Kafka client properties of this principal. */
  public Map<String, String> clientConfig(String principal) {
    return Map.of(
        "bootstrap.servers",
        bootstrapServers,
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "SCRAM-SHA-512",
        "sasl.jaas.config",
        jaas(principal));
  }

  /** The same as the environment variables that services read. */
  public Map<String, String> environment(String principal) {
    return Map.of(
        "KAFKA_BOOTSTRAP_SERVERS",
        bootstrapServers,
        "KAFKA_SECURITY_PROTOCOL",
        "SASL_PLAINTEXT",
        "KAFKA_SASL_MECHANISM",
        "SCRAM-SHA-512",
        "KAFKA_SASL_JAAS_CONFIG",
        jaas(principal));
  }

  private String jaas(String principal) {
    return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
        + principal
        + "\" password=\""
        + passwords.of("kafka:" + principal)
        + "\";";
  }
}
