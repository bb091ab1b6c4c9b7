package dev.gpucloud.devstack.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The one PostgreSQL and Kafka that the tests of all modules share. The first test that attaches
 * starts them below {@code target/shared-stack} on free ports; they end with the build that started
 * them. Needs nothing but the JDK and the PostgreSQL driver.
 */
public final class SharedStack {
  private static final Object IN_THIS_PROCESS = new Object();

  private final StackAddress address;

  private SharedStack(StackAddress address) {
    this.address = address;
  }

  /** Finds the running stack or starts it; blocks until PostgreSQL and Kafka answer. */
  public static SharedStack attach() {
    Path root = projectRoot();
    Path home = root.resolve("target/shared-stack");
    synchronized (IN_THIS_PROCESS) {
      try {
        Files.createDirectories(home);
        try (FileChannel channel =
                FileChannel.open(
                    home.resolve("attach.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock lock = channel.lock()) {
          return new SharedStack(findOrStart(root, home, lock));
        }
      } catch (IOException e) {
        throw new UncheckedIOException("The shared stack did not start, see " + home, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while the shared stack started", e);
      }
    }
  }

  /**
   * A new database for the service's tests, with its five roles and the name {@code
   * <service>_<random>}.
   */
  public ServiceDatabase createServiceDatabase(String service) {
    String name = service + "_" + UUID.randomUUID().toString().substring(0, 8);
    try {
      return postgres().createServiceDatabase(service, name);
    } catch (SQLException e) {
      throw new IllegalStateException("Could not create the database " + name, e);
    }
  }

  /** The superuser's way into PostgreSQL. */
  public PostgresAccess postgres() {
    return new PostgresAccess("127.0.0.1", address.port("postgresql.port"), address.passwords());
  }

  /** The JDBC address of a database, without credentials. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + address.port("postgresql.port") + "/" + database;
  }

  /** The name of PostgreSQL's superuser. */
  public String adminUser() {
    return PostgresAccess.ADMIN;
  }

  /** The password of PostgreSQL's superuser. */
  public String adminPassword() {
    return address.passwords().of(PostgresAccess.ADMIN);
  }

  /** Kafka and its principals. */
  public KafkaAccess kafka() {
    return new KafkaAccess("127.0.0.1:" + address.port("kafka.port"), address.passwords());
  }

  /** The broker's address. */
  public String kafkaBootstrapServers() {
    return kafka().bootstrapServers();
  }

  /** Client properties of the principal that may do everything. */
  public Map<String, String> kafkaAdminConfig() {
    return kafka().clientConfig(KafkaAccess.ADMIN);
  }

  StackAddress address() {
    return address;
  }

  /**
   * The folder of the whole build: the system property {@code gpucloud.root}, else the parent that
   * has the wrapper.
   */
  static Path projectRoot() {
    String given = System.getProperty("gpucloud.root");
    if (given != null && !given.isBlank()) {
      return Path.of(given).toAbsolutePath().normalize();
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve(".mvn/find-jdk.sh"))) {
        return at;
      }
    }
    throw new IllegalStateException("Set -Dgpucloud.root to the folder of the project");
  }

  private static StackAddress findOrStart(Path root, Path home, FileLock lock)
      throws IOException, InterruptedException {
    if (!lock.isValid()) {
      throw new IOException("Lost the lock of " + home);
    }
    long owner = owner().pid();
    Optional<StackAddress> running =
        StackAddress.find(home).filter(a -> a.supervisor().isPresent());
    if (running.isPresent() && joined(running.get(), owner)) {
      return running.get();
    }
    start(root, home, owner);
    return StackAddress.find(home).orElseThrow(() -> new IOException("No address in " + home));
  }

  private static boolean joined(StackAddress address, long owner) throws InterruptedException {
    try {
      address.control("POST", "/owners/" + owner, "");
      return true;
    } catch (IOException _) {
      return false; // it is on its way down, a new one takes over
    }
  }

  private static void start(Path root, Path home, long owner) throws IOException {
    Path log = home.resolve("logs/supervisor.log");
    List<String> arguments =
        List.of(
            "--kind", "SHARED",
            "--root", root.toString(),
            "--home", home.toString(),
            "--cache", root.resolve(".gpucloud/cache").toString(),
            "--owner", Long.toString(owner));
    try (SupervisorProcess supervisor = SupervisorProcess.start(root, log, arguments)) {
      while (true) {
        switch (supervisor.next()) {
          case null -> throw new IOException("The supervisor ended, see " + log);
          case SupervisorEvent.Failed failed -> throw new IOException(failed.message());
          case SupervisorEvent.Ready _ -> {
            supervisor.detach();
            return;
          }
          case SupervisorEvent.StepStarted _, SupervisorEvent.StepDone _ -> {}
        }
      }
    }
  }

  /** Maven when this is a test of a Maven build, else this process. */
  private static ProcessHandle owner() {
    ProcessHandle self = ProcessHandle.current();
    for (Optional<ProcessHandle> at = self.parent(); at.isPresent(); at = at.get().parent()) {
      if (isMaven(at.get())) {
        return at.get();
      }
    }
    return self;
  }

  private static boolean isMaven(ProcessHandle process) {
    return process
        .info()
        .arguments()
        .map(arguments -> Arrays.stream(arguments).anyMatch(a -> a.contains("plexus.classworlds")))
        .orElse(false);
  }
}
