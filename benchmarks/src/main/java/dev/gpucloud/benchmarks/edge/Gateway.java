package dev.gpucloud.benchmarks.edge;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The product's gateway as a process of its own, started as in production. */
final class Gateway implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int STEP_MILLIS = 5;

  private final Process process;
  private final int port;
  private final long began = System.nanoTime();

  private Gateway(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static Gateway start(
      Path root, List<String> options, Map<String, String> environment, int port, Path log)
      throws IOException {
    List<String> command = new ArrayList<>(java(options));
    command.add("-jar");
    command.add(jar(root).toString());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
    return new Gateway(builder.start(), port);
  }

  /** Makes the AOT cache for these options. */
  static void rehearse(Path root, List<String> options, Path cache, Path log)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(java(options));
    command.add("-XX:AOTCacheOutput=" + cache);
    command.add("-cp");
    command.add(jar(root).toString());
    command.add("dev.gpucloud.gateway.Rehearsal");
    int status =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("The rehearsal ended with " + status + ", see " + log);
    }
  }

  private static Path jar(Path root) {
    return root.resolve("gateway/target/quarkus-app/quarkus-run.jar");
  }

  private static List<String> java(List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(options);
    return command;
  }

  /** Asks until the answer is 200, and answers how long that took from the start of the process. */
  Duration firstAnswer(String path, String token) throws InterruptedException, IOException {
    byte[] request =
        "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n"
            .formatted(path, token)
            .getBytes(StandardCharsets.US_ASCII);
    while (System.nanoTime() - began < PATIENCE.toNanos()) {
      if (!process.isAlive()) {
        throw new IOException("The gateway ended with " + process.exitValue());
      }
      if (isAnswered(request)) {
        return Duration.ofNanos(System.nanoTime() - began);
      }
      Thread.sleep(STEP_MILLIS);
    }
    throw new IOException("The gateway gave no answer within " + PATIENCE.toSeconds() + " s");
  }

  private boolean isAnswered(byte[] request) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request);
      byte[] head = socket.getInputStream().readNBytes(12);
      return new String(head, StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
    } catch (IOException _) {
      return false;
    }
  }

  ProcessFigures figures() {
    return new ProcessFigures(process.toHandle());
  }

  /** Tells it to stop and waits until it has. */
  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
