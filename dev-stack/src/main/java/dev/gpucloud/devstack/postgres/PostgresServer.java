package dev.gpucloud.devstack.postgres;

import dev.gpucloud.devstack.client.Passwords;
import dev.gpucloud.devstack.client.PostgresAccess;
import dev.gpucloud.devstack.layout.StackHome;
import dev.gpucloud.devstack.layout.StackProblem;
import dev.gpucloud.devstack.process.ChildSpec;
import dev.gpucloud.devstack.process.Platform;
import dev.gpucloud.devstack.process.Unpack;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.tukaani.xz.XZInputStream;

/** The real PostgreSQL from the binaries on Maven Central, with passwords that are checked. */
public final class PostgresServer {
  private final Path root;
  private final StackHome home;
  private final int port;
  private final Settings settings;
  private final PostgresAccess access;
  private final Passwords passwords;

  /**
   * Whether it may forget what it acknowledged, its settings of size, and how much of its log is
   * written before it is needed.
   */
  public record Settings(boolean durable, List<String> size, int readyLogMib) {}

  public PostgresServer(
      Path root, StackHome home, int port, Settings settings, Passwords passwords) {
    this.root = root;
    this.home = home;
    this.port = port;
    this.settings = settings;
    this.passwords = passwords;
    this.access = new PostgresAccess("127.0.0.1", port, passwords);
  }

  /** Unpacks the program and creates the data, each once, and says how to start the server. */
  public ChildSpec prepare() throws IOException, InterruptedException {
    Path archive = archive();
    Path programs =
        home.cache().resolve(archive.getFileName().toString().replaceAll("\\.jar$", ""));
    Unpack.once(programs, folder -> unpack(archive, folder));
    Path data = home.postgresql().resolve("data");
    if (!Files.isDirectory(data)) {
      initialise(programs, data);
    }
    return new ChildSpec(
        command(programs, data),
        Map.of(),
        home.postgresql(),
        home.log("postgresql"),
        "INT",
        "INT",
        true);
  }

  /** Whether the server answers its superuser. */
  public boolean isReady() {
    try (Connection connection = access.connect(PostgresAccess.ADMIN)) {
      return connection.isValid(2);
    } catch (SQLException _) {
      return false;
    }
  }

  /** What is to be done once when it is ready; may be repeated. */
  public void prepareLog() throws SQLException {
    if (settings.readyLogMib() > 0) {
      LogSegments.prepare(access, settings.readyLogMib());
    }
  }

  public PostgresAccess access() {
    return access;
  }

  private Path archive() throws IOException {
    Path folder = root.resolve("dev-stack/target/postgresql");
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        return files
            .filter(file -> file.toString().endsWith(".jar"))
            .max(Path::compareTo)
            .orElseThrow(() -> notBuilt(folder));
      }
    }
    throw notBuilt(folder);
  }

  private static StackProblem notBuilt(Path folder) {
    return new StackProblem(
        StackProblem.NOT_BUILT,
        "The PostgreSQL binaries are not in " + folder + ". Run ./mvnw -DskipTests package.");
  }

  private static void unpack(Path archive, Path folder) throws IOException {
    try (ZipInputStream jar =
        new ZipInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
      for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
        if (entry.getName().endsWith(".txz")) {
          InputStream xz = new XZInputStream(jar);
          Unpack.tar(xz, folder, 0);
          return;
        }
      }
    }
    throw new IOException(archive + " holds no .txz");
  }

  private void initialise(Path programs, Path data) throws IOException, InterruptedException {
    Path partial = data.resolveSibling("data.partial");
    Unpack.delete(partial);
    Files.createDirectories(home.postgresql());
    Path password = home.postgresql().resolve("initdb.password");
    Files.writeString(password, passwords.of(PostgresAccess.ADMIN));
    List<String> command = new ArrayList<>();
    if (Platform.isLinux() && Platform.isRoot()) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.addAll(
        List.of(
            programs.resolve("bin/initdb").toString(),
            "-D",
            partial.toString(),
            "-U",
            PostgresAccess.ADMIN,
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-A",
            "scram-sha-256",
            "--pwfile=" + password));
    if (!settings.durable()) {
      command.add("--no-sync");
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true);
    Files.createDirectories(home.logs());
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(home.log("postgresql").toFile()));
    int status = builder.start().waitFor();
    Files.delete(password);
    if (status != 0) {
      throw new StackProblem(
          StackProblem.COMPONENT_FAILED,
          "initdb ended with status " + status + ", see " + home.log("postgresql") + ".");
    }
    Files.move(partial, data, StandardCopyOption.ATOMIC_MOVE);
  }

  private List<String> command(Path programs, Path data) {
    List<String> command = new ArrayList<>();
    command.add(programs.resolve("bin/postgres").toString());
    command.addAll(List.of("-D", data.toString(), "-p", Integer.toString(port)));
    List<String> all =
        new ArrayList<>(
            List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "max_connections=200",
                "timezone=UTC",
                "log_timezone=UTC"));
    all.addAll(settings.size());
    if (!settings.durable()) {
      all.addAll(List.of("fsync=off", "synchronous_commit=off", "full_page_writes=off"));
    }
    all.forEach(setting -> command.addAll(List.of("-c", setting)));
    return command;
  }
}
