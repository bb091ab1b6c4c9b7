package dev.gpucloud.cli;

import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Somebody at a command line, in front of a server of their own. */
abstract class AtACommandLine {
  static final String INSTANCES = "/api/v1/projects/sk-hynix.fab/instances";
  static final String RUNNING =
      """
      {"id":"ins_1","name":"train","state":"RUNNING","instanceType":"b200.8x","gpus":8,
       "site":"kr-ulsan-1","createdAt":"2026-11-02T00:00:00Z","version":3}\
      """;
  static final Instant NOW = Instant.parse("2026-11-02T00:00:00Z");

  @TempDir Path folder;
  FakeServer server;
  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();
  final Map<String, String> env = new HashMap<>();
  String stdin = "";
  boolean coloured;

  @BeforeEach
  void startServer() {
    server = new FakeServer();
    env.put("GPUCLOUD_CONFIG", folder.resolve("config").toString());
    env.put("GPUCLOUD_SERVER", server.url());
    env.put("GPUCLOUD_PROJECT", "sk-hynix.fab");
    env.put("GPUCLOUD_TENANT", "sk-hynix");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  void loggedIn() {
    loggedIn(900);
  }

  void loggedIn(long forSeconds) {
    TokenStore.of(context())
        .save(
            "default",
            new TokenStore.Login(
                server.url(),
                server.issuer(),
                "alice",
                FakeServer.token("alice"),
                NOW.plusSeconds(forSeconds),
                "r-1"));
  }

  CliContext context() {
    Terminal terminal =
        new Terminal(
            new PrintWriter(out), new PrintWriter(err), new StringReader(stdin), false, coloured);
    return new CliContext(terminal, env, folder, InstantSource.fixed(NOW));
  }

  int run(String... args) {
    return GpucloudCli.execute(GpucloudCli.commandLine(context()), args);
  }
}
