package dev.gpucloud.devstack.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A supervisor that this process launched in a session of its own. Until {@link #detach} the two
 * are tied by a pipe: when this process ends, however it ends, the supervisor takes everything
 * down. After it the supervisor lives on.
 */
public final class SupervisorProcess implements AutoCloseable {
  private static final String MAIN = "dev.gpucloud.devstack.supervisor.SupervisorMain";

  private final Process process;
  private final BufferedReader events;
  private final OutputStream leash;

  private SupervisorProcess(Process process) {
    this.process = process;
    this.events = process.inputReader(StandardCharsets.UTF_8);
    this.leash = process.getOutputStream();
  }

  /**
   * Launches a supervisor from the build output below {@code root}; its errors go to {@code log}.
   */
  public static SupervisorProcess start(Path root, Path log, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xms16m",
            "-Xmx96m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.net.preferIPv4Stack=true",
            "-cp",
            classPath(root),
            MAIN));
    command.addAll(arguments);
    Files.createDirectories(log.toAbsolutePath().getParent());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(root.toFile());
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new SupervisorProcess(builder.start());
  }

  /** The next event, or null when the supervisor has ended without saying why. */
  public @Nullable SupervisorEvent next() throws IOException {
    String line = events.readLine();
    return line == null ? null : SupervisorEvent.parse(line);
  }

  /** Lets the supervisor live on when this process ends. */
  public void detach() throws IOException {
    leash.write("detach\n".getBytes(StandardCharsets.UTF_8));
    leash.flush();
    close();
  }

  /** Lets go of the leash: a supervisor that was not detached takes everything down and ends. */
  @Override
  public void close() throws IOException {
    leash.close();
  }

  /** Waits until the supervisor has ended. */
  public void await() throws InterruptedException {
    process.waitFor();
  }

  private static String classPath(Path root) throws IOException {
    Path libraries = root.resolve("dev-stack/target/lib");
    if (!Files.isDirectory(libraries)) {
      throw new IOException(
          "The dev stack is not built: "
              + libraries
              + " is missing; run ./mvnw -DskipTests package");
    }
    Stream<Path> classes =
        Stream.of("dev-stack", "cli", "java-client", "verifier", "contracts")
            .map(module -> root.resolve(module).resolve("target/classes"));
    try (Stream<Path> jars = Files.list(libraries)) {
      return Stream.concat(classes, jars.sorted())
          .map(Path::toString)
          .collect(Collectors.joining(System.getProperty("path.separator")));
    }
  }
}
