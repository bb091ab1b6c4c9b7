package dev.gpucloud.docs;

import java.util.List;

/**
 * Settings that come from Quarkus, the Kafka client and the launcher, as this product uses them.
 */
final class StandardSettings {
  static final List<List<String>> EVERY_PROCESS =
      List.of(
          row(
              "QUARKUS_PROFILE",
              "String",
              "`prod`",
              "`prod`, `dev` or `test`; `prod` refuses what is fit for development only."),
          row(
              "QUARKUS_HTTP_HOST",
              "String",
              "`127.0.0.1`",
              "Address to listen at; `0.0.0.0` in a container."),
          row(
              "QUARKUS_HTTP_PORT",
              "int",
              "8080 gateway, 8081 tenant-, 8082 inventory-, 8083 billing-service, 8084 site-agent",
              "Port to listen at."));

  static final List<List<String>> KAFKA =
      List.of(
          row(
              "KAFKA_BOOTSTRAP_SERVERS",
              "String",
              "required",
              "Kafka brokers, host:port, comma-separated."),
          row("KAFKA_SECURITY_PROTOCOL", "String", "`PLAINTEXT`", "`SASL_SSL` in production."),
          row("KAFKA_SASL_MECHANISM", "String", "", "`SCRAM-SHA-512` with SASL."),
          row(
              "KAFKA_SASL_JAAS_CONFIG",
              "String",
              "",
              "JAAS line with the service's Kafka user and password. Secret."),
          row(
              "KAFKA_SSL_TRUSTSTORE_TYPE",
              "String",
              "",
              "`PEM` when the brokers' authority is a PEM file."),
          row(
              "KAFKA_SSL_TRUSTSTORE_LOCATION",
              "String",
              "",
              "File with the certificate authority of the brokers."),
          row(
              "KAFKA_SESSION_TIMEOUT_MS",
              "int",
              "`10000`",
              "Milliseconds without a heartbeat after which the brokers give what a replica reads to"
                  + " the others."),
          row(
              "KAFKA_HEARTBEAT_INTERVAL_MS",
              "int",
              "`3000`",
              "Milliseconds between a replica's heartbeats to the brokers; at most a third of"
                  + " `KAFKA_SESSION_TIMEOUT_MS`."));

  static final List<List<String>> DEV_STACK =
      List.of(
          row(
              "GPUCLOUD_HOME",
              "Path",
              "`.gpucloud` in the project",
              "Folder for the data of the stack."),
          row(
              "GPUCLOUD_PORT_OFFSET",
              "int",
              "`0`",
              "Added to every port, so that two stacks can run side by side."),
          row(
              "GPUCLOUD_STACK_SIZE",
              "small or large",
              "`small`",
              "`large` gives heaps, buffers, compilation and 4 GiB of prepared log for a load test."));

  static final List<List<String>> COMMAND_LINE =
      List.of(
          row(
              "GPUCLOUD_SERVER",
              "URI",
              "the running development stack's gateway",
              "Address of the API; the option `--server` wins."),
          row("GPUCLOUD_ISSUER", "URI", "what the API names", "Issuer to log in at."),
          row(
              "GPUCLOUD_PROFILE",
              "String",
              "`default`",
              "Which saved login to use; the option `--profile` wins."),
          row(
              "GPUCLOUD_TENANT",
              "String",
              "",
              "Tenant by slug or id, when the command names none."),
          row("GPUCLOUD_PROJECT", "String", "", "Project, when the command names none."),
          row(
              "GPUCLOUD_CONFIG",
              "Path",
              "`gpucloud` below `XDG_CONFIG_HOME`",
              "Folder for saved logins."),
          row("GPUCLOUD_SSH", "String", "`ssh`", "The program that `instances ssh` starts."),
          row(
              "GPUCLOUD_HOME",
              "Path",
              "`.gpucloud` in the project",
              "Folder of a development stack, where the command finds its address."));

  private StandardSettings() {}

  private static List<String> row(String variable, String type, String standard, String meaning) {
    return List.of("`" + variable + "`", type, standard, meaning);
  }
}
