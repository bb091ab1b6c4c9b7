package dev.gpucloud.devstack.supervisor;

import dev.gpucloud.devstack.client.Passwords;
import dev.gpucloud.devstack.kafka.BrokerPlan;
import dev.gpucloud.devstack.kafka.KafkaServer;
import dev.gpucloud.devstack.kafka.TopicShape;
import dev.gpucloud.devstack.keycloak.KeycloakServer;
import dev.gpucloud.devstack.keycloak.RealmFile;
import dev.gpucloud.devstack.layout.Ports;
import dev.gpucloud.devstack.postgres.PostgresServer;
import dev.gpucloud.devstack.process.ChildStarter;
import dev.gpucloud.devstack.scenario.Directory;
import dev.gpucloud.devstack.scenario.Scenario;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The plans of what the product stands on. */
final class Backing {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Ports ports;
  private final PostgresServer postgres;
  private final KafkaServer kafka;
  private final KeycloakServer keycloak;

  Backing(StackConfig config, Passwords passwords, Scenario scenario, ChildStarter starter)
      throws IOException {
    this.ports = config.ports();
    this.postgres =
        new PostgresServer(
            config.root(),
            config.home(),
            ports.postgresql(),
            config.size().postgres(config.durable()),
            passwords);
    this.kafka =
        new KafkaServer(
            config.root(),
            config.home(),
            ports.kafka(),
            ports.kafkaController(),
            new KafkaServer.Settings(config.durable(), config.size().javaOptions()),
            passwords,
            new BrokerPlan(scenario.sites(), TopicShape.declared()));
    this.keycloak =
        new KeycloakServer(
            config.root(),
            config.home(),
            new KeycloakServer.Addresses(
                ports.keycloak(), ports.keycloakManagement(), ports.postgresql()),
            passwords,
            new RealmFile(new Directory(scenario, passwords, Urls.of(ports)), ports.mail()),
            starter);
  }

  KeycloakServer keycloak() {
    return keycloak;
  }

  ComponentPlan postgresql() {
    return new ComponentPlan(
        "postgresql",
        "PostgreSQL",
        "127.0.0.1:" + ports.postgresql(),
        List.of(),
        postgres::prepare,
        postgres::isReady,
        this::createDatabases,
        PATIENCE);
  }

  ComponentPlan kafka() {
    return new ComponentPlan(
        "kafka",
        "Kafka",
        "127.0.0.1:" + ports.kafka(),
        List.of(),
        kafka::prepare,
        kafka::isReady,
        ComponentPlan.Action.NOTHING,
        PATIENCE);
  }

  private void createDatabases() throws Exception {
    postgres.prepareLog();
    for (String service : List.of("tenant", "inventory", "billing")) {
      postgres.access().createServiceDatabase(service, service);
    }
    postgres.access().createPlainDatabase("keycloak");
    postgres.access().createPlainDatabase("gateway");
  }
}
