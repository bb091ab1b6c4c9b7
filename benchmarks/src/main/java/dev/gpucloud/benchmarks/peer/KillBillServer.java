package dev.gpucloud.benchmarks.peer;

import dev.gpucloud.devstack.client.ServiceDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Kill Bill in a Tomcat of its own on the loopback address; it ends with this process. */
final class KillBillServer implements AutoCloseable {
  private static final int START_SECONDS = 300;
  private static final int STOP_SECONDS = 20;

  private final Process process;
  private final URI address;
  private final Thread ending;

  private KillBillServer(Process process, URI address) {
    this.process = process;
    this.address = address;
    this.ending = new Thread(this::stop, "ending");
    Runtime.getRuntime().addShutdownHook(ending);
  }

  /** Where its programs lie, what runs them, its configuration and a folder for what it writes. */
  record Installation(Path tomcat, Path war, Path java, Path configuration, Path work) {}

  /** Starts the server on an existing database. */
  static KillBillServer start(Installation at, ServiceDatabase database)
      throws IOException, InterruptedException {
    int port = freePort();
    configure(at, database, port);
    Process process =
        new ProcessBuilder(command(at))
            .directory(at.work().toFile())
            .redirectErrorStream(true)
            .redirectOutput(at.work().resolve("killbill.log").toFile())
            .start();
    Files.writeString(at.work().resolve("killbill.pid"), process.pid() + "\n");
    return new KillBillServer(process, URI.create("http://127.0.0.1:" + port));
  }

  URI address() {
    return address;
  }

  long pid() {
    return process.pid();
  }

  /** Returns when the server answers. */
  void await(KillBillApi api) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!api.answers()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IOException("Kill Bill did not start, see killbill.log");
      }
      Thread.sleep(500);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void configure(Installation at, ServiceDatabase database, int port)
      throws IOException {
    Path conf = Files.createDirectories(at.work().resolve("conf"));
    for (String folder : List.of("logs", "temp", "work", "webapps", "bundles", "osgi")) {
      Files.createDirectories(at.work().resolve(folder));
    }
    Files.copy(
        at.tomcat().resolve("conf/web.xml"),
        conf.resolve("web.xml"),
        StandardCopyOption.REPLACE_EXISTING);
    fill(at, "server.xml", Map.of("@PORT@", Integer.toString(port), "@WAR@", at.war().toString()));
    fill(
        at,
        "killbill.properties",
        Map.of(
            "@URL@", database.jdbcUrl(),
            "@USER@", database.ownerUser(),
            "@PASSWORD@", database.ownerPassword(),
            "@WORK@", at.work().toString()));
  }

  private static void fill(Installation at, String file, Map<String, String> values)
      throws IOException {
    String text = Files.readString(at.configuration().resolve(file));
    for (Map.Entry<String, String> value : values.entrySet()) {
      text = text.replace(value.getKey(), value.getValue());
    }
    Files.writeString(at.work().resolve("conf").resolve(file), text);
  }

  private static List<String> command(Installation at) throws IOException {
    List<String> command = new ArrayList<>(List.of(at.java().toString()));
    command.addAll(Files.readAllLines(at.configuration().resolve("java.options")));
    command.add("-Dcatalina.home=" + at.tomcat());
    command.add("-Dcatalina.base=" + at.work());
    command.add("-Djava.io.tmpdir=" + at.work().resolve("temp"));
    command.add("-Dlogback.configurationFile=" + at.configuration().resolve("logback.xml"));
    command.add(
        "-Dorg.killbill.server.properties="
            + at.work().resolve("conf/killbill.properties").toUri());
    Path bin = at.tomcat().resolve("bin");
    command.add("-cp");
    command.add(bin.resolve("bootstrap.jar") + ":" + bin.resolve("tomcat-juli.jar"));
    command.addAll(List.of("org.apache.catalina.startup.Bootstrap", "start"));
    return command;
  }

  private void stop() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
    Runtime.getRuntime().removeShutdownHook(ending);
  }
}
