package dev.gpucloud.devstack.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An empty PostgreSQL and Kafka of one process, on free ports, with fsync on: what a measurement
 * stands on. Both end with the process.
 */
public final class DurableStack implements AutoCloseable {
  private final SupervisorProcess supervisor;
  private final StackAddress address;

  private DurableStack(SupervisorProcess supervisor, StackAddress address) {
    this.supervisor = supervisor;
    this.address = address;
  }

  /** Starts both below {@code home}, from which an earlier run is removed, and waits for them. */
  public static DurableStack start(Path root, Path home) throws IOException {
    Path log = home.resolve("logs/supervisor.log");
    Files.createDirectories(home);
    SupervisorProcess supervisor =
        SupervisorProcess.start(
            root,
            log,
            List.of(
                "--kind",
                "DURABLE",
                "--root",
                root.toString(),
                "--home",
                home.toString(),
                "--cache",
                root.resolve(".gpucloud/cache").toString()));
    while (true) {
      switch (supervisor.next()) {
        case null -> throw new IOException("The supervisor ended, see " + log);
        case SupervisorEvent.Failed failed -> throw new IOException(failed.message());
        case SupervisorEvent.Ready _ -> {
          return new DurableStack(supervisor, StackAddress.find(home).orElseThrow());
        }
        case SupervisorEvent.StepStarted _, SupervisorEvent.StepDone _ -> {}
      }
    }
  }

  /** The superuser's way into PostgreSQL. */
  public PostgresAccess postgres() {
    return new PostgresAccess("127.0.0.1", address.port("postgresql.port"), address.passwords());
  }

  /** The superuser's password. */
  public String adminPassword() {
    return address.passwords().of(PostgresAccess.ADMIN);
  }

  /** What a service finds its database (as {@code database}) and its topics by. */
  public Map<String, String> environment(String service, String database) throws SQLException {
    Map<String, String> environment =
        new HashMap<>(postgres().createServiceDatabase(database, database).environment());
    environment.putAll(kafka().environment(service));
    return environment;
  }

  /** Who may do what at the broker. */
  public KafkaAccess kafka() {
    return new KafkaAccess("127.0.0.1:" + address.port("kafka.port"), address.passwords());
  }

  /** Takes both down and waits until they have ended. */
  @Override
  public void close() throws IOException {
    supervisor.close();
    try {
      supervisor.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
