package dev.gpucloud.devstack.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A single-node KRaft broker and controller that formats its own storage and applies its
 * principals, ACLs and topics before it says that it is ready. Arguments: the server properties,
 * the setup properties and the file to create when ready.
 */
public final class KafkaNode {
  private static final String CLUSTER_ID = "Z3B1Y2xvdWQtZGV2LTAwMQ";

  private KafkaNode() {}

  /** Runs until the process is told to stop. */
  public static void main(String[] args) throws Exception {
    Properties server = load(Path.of(args[0]));
    Properties setup = load(Path.of(args[1]));
    Path ready = Path.of(args[2]);
    Files.deleteIfExists(ready);
    format(server, setup);
    KafkaRaftServer kafka = new KafkaRaftServer(new KafkaConfig(server), Time.SYSTEM);
    Runtime.getRuntime().addShutdownHook(new Thread(kafka::shutdown, "kafka-shutdown"));
    kafka.startup();
    new BrokerSetup(server, setup).apply();
    Files.writeString(ready, Long.toString(ProcessHandle.current().pid()));
    kafka.awaitShutdown();
  }

  private static void format(Properties server, Properties setup) throws Exception {
    String directory = server.getProperty("log.dirs");
    String admin =
        "SCRAM-SHA-512=[name=admin,password=" + setup.getProperty("principal.admin") + "]";
    new Formatter()
        .setClusterId(CLUSTER_ID)
        .setNodeId(1)
        .setDirectories(List.of(directory))
        .setMetadataLogDirectory(directory)
        .setControllerListenerName("CONTROLLER")
        .setScramArguments(List.of(admin))
        .setIgnoreFormatted(true)
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .run();
  }

  private static Properties load(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return properties;
  }
}
