package dev.gpucloud.devstack.keycloak;

import dev.gpucloud.devstack.client.Passwords;
import dev.gpucloud.devstack.layout.Http;
import dev.gpucloud.devstack.layout.PrivateFiles;
import dev.gpucloud.devstack.layout.StackHome;
import dev.gpucloud.devstack.layout.StackProblem;
import dev.gpucloud.devstack.process.ChildSpec;
import dev.gpucloud.devstack.process.ChildStarter;
import dev.gpucloud.devstack.process.Leftovers;
import dev.gpucloud.devstack.process.Platform;
import dev.gpucloud.devstack.process.Unpack;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The real Keycloak: unpacked and built once per version and set of options, then started from
 * links into that build with data of its own.
 */
public final class KeycloakServer {
  private static final List<String> BUILD_OPTIONS =
      List.of("--db=postgres", "--health-enabled=true", "--metrics-enabled=false");
  private static final Duration BUILD_PATIENCE = Duration.ofMinutes(5);
  private static final Duration PROBE_PATIENCE = Duration.ofSeconds(2);

  private final Path root;
  private final StackHome home;
  private final int port;
  private final int managementPort;
  private final int postgresPort;
  private final Passwords passwords;
  private final RealmFile realm;
  private final ChildStarter starter;

  public KeycloakServer(
      Path root,
      StackHome home,
      Addresses addresses,
      Passwords passwords,
      RealmFile realm,
      ChildStarter starter) {
    this.root = root;
    this.home = home;
    this.port = addresses.port();
    this.managementPort = addresses.managementPort();
    this.postgresPort = addresses.postgresPort();
    this.passwords = passwords;
    this.realm = realm;
    this.starter = starter;
  }

  /** The ports that Keycloak needs to know. */
  public record Addresses(int port, int managementPort, int postgresPort) {}

  /** Unpacks and builds the program, each once, and says how to start the server. */
  public ChildSpec prepare() throws IOException, InterruptedException {
    Properties distribution = distribution();
    String version = distribution.getProperty("version");
    String build = "keycloak-" + version + "-" + Integer.toHexString(BUILD_OPTIONS.hashCode());
    Path program = home.cache().resolve(build);
    Unpack.once(program, folder -> unpackAndBuild(distribution, folder));
    Path own = home.keycloak().resolve("home");
    link(program, own);
    List<String> arguments = new ArrayList<>(List.of("start", "--optimized"));
    Path importFile = own.resolve("data/import/gpucloud-realm.json");
    if (step() == RealmStep.IMPORT) {
      PrivateFiles.write(importFile, realm.toJson());
      arguments.add("--import-realm");
    } else {
      Files.deleteIfExists(importFile);
    }
    return new ChildSpec(
        command(own, arguments),
        environment(),
        home.keycloak(),
        home.log("keycloak"),
        "KILL",
        "TERM",
        false);
  }

  /** Whether an earlier start has left the realm as this version wants it. */
  public boolean hasRealm() {
    return step() == RealmStep.NOTHING;
  }

  /** Whether Keycloak serves; the main port answers before it does. */
  public boolean isReady() {
    return Http.status("http://127.0.0.1:" + managementPort + "/health/ready", PROBE_PATIENCE)
        == 200;
  }

  /**
   * Once Keycloak serves: adds to an earlier version's realm what it lacks, remembers which realm
   * is in the database, and removes the passwords from the disk.
   */
  public void settleRealm() throws IOException {
    if (step() == RealmStep.UPDATE) {
      new RealmUpdate("http://127.0.0.1:" + port, passwords.of("keycloak-admin"))
          .apply(realm.toJson());
    }
    PrivateFiles.write(mark(), RealmStep.markOf(realm.toJson()));
    Files.deleteIfExists(home.keycloak().resolve("home/data/import/gpucloud-realm.json"));
  }

  private RealmStep step() {
    try {
      return RealmStep.of(Files.exists(mark()) ? Files.readString(mark()) : null, realm.toJson());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path mark() {
    return home.keycloak().resolve("realm.imported");
  }

  private Properties distribution() throws IOException {
    Path file = root.resolve("dev-stack/keycloak-dist/target/keycloak.properties");
    if (!Files.exists(file)) {
      throw notBuilt(file);
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return properties;
  }

  private static StackProblem notBuilt(Path file) {
    return new StackProblem(
        StackProblem.NOT_BUILT,
        "Keycloak's distribution is not at " + file + ". Run ./mvnw -DskipTests package.");
  }

  private void unpackAndBuild(Properties distribution, Path folder)
      throws IOException, InterruptedException {
    Path archive = Path.of(distribution.getProperty("archive"));
    if (!Files.exists(archive)) {
      throw notBuilt(archive);
    }
    try (InputStream gzip =
        new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
      Unpack.tar(gzip, folder, 1);
    }
    List<String> arguments = new ArrayList<>(List.of("build"));
    arguments.addAll(BUILD_OPTIONS);
    ChildSpec build =
        new ChildSpec(
            command(folder, arguments),
            Map.of(),
            folder,
            home.log("keycloak"),
            "KILL",
            "KILL",
            false);
    var child = starter.start(build);
    if (!child.await(BUILD_PATIENCE)) {
      child.kill();
    }
    int status = child.await();
    if (status != 0) {
      throw new StackProblem(
          StackProblem.COMPONENT_FAILED,
          "Keycloak's build ended with status " + status + ", see " + home.log("keycloak") + ".");
    }
  }

  private static void link(Path program, Path own) throws IOException {
    Unpack.delete(own);
    Files.createDirectories(own);
    try (Stream<Path> parts = Files.list(program)) {
      for (Path part : parts.toList()) {
        if (!part.getFileName().toString().equals("data")) {
          Files.createSymbolicLink(own.resolve(part.getFileName()), part);
        }
      }
    }
  }

  private List<String> command(Path keycloakHome, List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Platform.java(),
                Leftovers.marker(home.folder()),
                "-Xms64m",
                "-Xmx384m",
                "-XX:MetaspaceSize=96M",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                "--add-opens=java.base/java.security=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Duser.language=en",
                "-Duser.country=US",
                "-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
                "-Dkc.home.dir=" + keycloakHome,
                "-Djboss.server.config.dir=" + keycloakHome.resolve("conf"),
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dpicocli.disable.closures=true",
                "-Dquarkus-log-max-startup-records=10000",
                "-cp",
                keycloakHome.resolve("lib/quarkus-run.jar").toString(),
                "io.quarkus.bootstrap.runner.QuarkusEntryPoint"));
    command.addAll(arguments);
    return command;
  }

  private Map<String, String> environment() {
    return Map.ofEntries(
        Map.entry("KC_DB_URL", "jdbc:postgresql://127.0.0.1:" + postgresPort + "/keycloak"),
        Map.entry("KC_DB_USERNAME", "keycloak"),
        Map.entry("KC_DB_PASSWORD", passwords.of("keycloak")),
        Map.entry("KC_DB_POOL_INITIAL_SIZE", "1"),
        Map.entry("KC_DB_POOL_MIN_SIZE", "1"),
        Map.entry("KC_DB_POOL_MAX_SIZE", "20"),
        Map.entry("KC_HTTP_ENABLED", "true"),
        Map.entry("KC_HTTP_HOST", "127.0.0.1"),
        Map.entry("KC_HTTP_PORT", Integer.toString(port)),
        Map.entry("KC_HTTP_MANAGEMENT_PORT", Integer.toString(managementPort)),
        Map.entry("KC_HOSTNAME", "http://127.0.0.1:" + port),
        Map.entry("KC_CACHE", "local"),
        Map.entry("KC_LOG_LEVEL", "INFO,io.smallrye.health:ERROR"),
        Map.entry("KC_BOOTSTRAP_ADMIN_USERNAME", "admin"),
        Map.entry("KC_BOOTSTRAP_ADMIN_PASSWORD", passwords.of("keycloak-admin")),
        Map.entry("MALLOC_ARENA_MAX", "2"));
  }
}
