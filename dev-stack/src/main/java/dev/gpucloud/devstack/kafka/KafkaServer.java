package dev.gpucloud.devstack.kafka;

import dev.gpucloud.devstack.client.KafkaAccess;
import dev.gpucloud.devstack.client.Passwords;
import dev.gpucloud.devstack.layout.PrivateFiles;
import dev.gpucloud.devstack.layout.StackHome;
import dev.gpucloud.devstack.layout.StackProblem;
import dev.gpucloud.devstack.process.ChildSpec;
import dev.gpucloud.devstack.process.Leftovers;
import dev.gpucloud.devstack.process.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * One real Kafka node, broker and controller in one, with a password and rights for each principal.
 */
public final class KafkaServer {
  private final Path root;
  private final StackHome home;
  private final int port;
  private final int controllerPort;
  private final Settings settings;
  private final Passwords passwords;
  private final BrokerPlan plan;

  /** Whether topics are declared, and how the broker's virtual machine works. */
  public record Settings(boolean durable, List<String> javaOptions) {}

  public KafkaServer(
      Path root,
      StackHome home,
      int port,
      int controllerPort,
      Settings settings,
      Passwords passwords,
      BrokerPlan plan) {
    this.root = root;
    this.home = home;
    this.port = port;
    this.controllerPort = controllerPort;
    this.settings = settings;
    this.passwords = passwords;
    this.plan = plan;
  }

  /** Writes the configuration and says how to start the broker. */
  public ChildSpec prepare() throws IOException {
    Path broker = root.resolve("dev-stack/kafka-broker/target");
    if (!Files.isDirectory(broker.resolve("lib"))) {
      throw new StackProblem(
          StackProblem.NOT_BUILT,
          "The Kafka broker is not in " + broker + ". Run ./mvnw -DskipTests package.");
    }
    Files.createDirectories(home.kafka());
    Files.deleteIfExists(readyFile());
    Path server = home.kafka().resolve("server.properties");
    Path setup = home.kafka().resolve("setup.properties");
    PrivateFiles.write(server, serverProperties());
    PrivateFiles.write(setup, plan.toSetup(passwords));
    List<String> command =
        new ArrayList<>(
            List.of(Platform.java(), Leftovers.marker(home.folder()), "-Xms32m", "-Xmx256m"));
    command.addAll(settings.javaOptions());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            broker.resolve("classes") + ":" + broker.resolve("lib") + "/*",
            "dev.gpucloud.devstack.broker.KafkaNode",
            server.toString(),
            setup.toString(),
            readyFile().toString()));
    return new ChildSpec(command, Map.of(), home.kafka(), home.log("kafka"), "TERM", "TERM", false);
  }

  /** Whether the broker serves and its principals, rights and topics are in place. */
  public boolean isReady() {
    return Files.exists(readyFile());
  }

  private Path readyFile() {
    return home.kafka().resolve("ready");
  }

  private Properties serverProperties() {
    String broker = "BROKER://127.0.0.1:" + port;
    String controller = "CONTROLLER://127.0.0.1:" + controllerPort;
    String password = passwords.of("kafka:" + KafkaAccess.ADMIN);
    Properties p = new Properties();
    p.setProperty("node.id", "1");
    p.setProperty("process.roles", "broker,controller");
    p.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    p.setProperty("controller.listener.names", "CONTROLLER");
    p.setProperty("listeners", broker + "," + controller);
    p.setProperty("advertised.listeners", broker);
    p.setProperty("inter.broker.listener.name", "BROKER");
    p.setProperty(
        "listener.security.protocol.map", "BROKER:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT");
    p.setProperty("sasl.enabled.mechanisms", "SCRAM-SHA-512");
    p.setProperty("sasl.mechanism.inter.broker.protocol", "SCRAM-SHA-512");
    p.setProperty(
        "listener.name.broker.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"admin\" password=\""
            + password
            + "\";");
    p.setProperty("sasl.mechanism.controller.protocol", "PLAIN");
    p.setProperty("listener.name.controller.sasl.enabled.mechanisms", "PLAIN");
    p.setProperty(
        "listener.name.controller.plain.sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"admin\" password=\""
            + password
            + "\" user_admin=\""
            + password
            + "\";");
    p.setProperty(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    p.setProperty("super.users", "User:" + KafkaAccess.ADMIN);
    p.setProperty("log.dirs", home.kafka().resolve("data").toString());
    p.setProperty("broker.session.timeout.ms", "3000");
    p.setProperty("broker.heartbeat.interval.ms", "1000");
    p.setProperty("group.initial.rebalance.delay.ms", "0");
    p.setProperty("offsets.topic.replication.factor", "1");
    p.setProperty("offsets.topic.num.partitions", "4");
    p.setProperty("transaction.state.log.replication.factor", "1");
    p.setProperty("transaction.state.log.min.isr", "1");
    p.setProperty("transaction.state.log.num.partitions", "2");
    p.setProperty("share.coordinator.state.topic.replication.factor", "1");
    p.setProperty("share.coordinator.state.topic.min.isr", "1");
    p.setProperty("share.coordinator.state.topic.num.partitions", "2");
    p.setProperty("num.network.threads", "2");
    p.setProperty("num.io.threads", "4");
    p.setProperty("background.threads", "4");
    p.setProperty("log.cleaner.dedupe.buffer.size", "8388608");
    p.setProperty("num.partitions", "3");
    p.setProperty("auto.create.topics.enable", Boolean.toString(!settings.durable()));
    return p;
  }
}
