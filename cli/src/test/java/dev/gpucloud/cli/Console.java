package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.cli.FakeServer.Request;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Somebody with a key at a command line in a folder, in front of a server of their own. */
final class Console implements AutoCloseable {
  private static final Instant NOW = Instant.parse("2026-11-02T00:00:00Z");
  private final FakeServer server = new FakeServer();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> env = new HashMap<>();
  private final Path folder;
  private String stdin = "";
  private boolean interactive;
  private int width;

  Console(Path folder) {
    this.folder = folder;
    env.put("GPUCLOUD_CONFIG", folder.resolve("config").toString());
    env.put("GPUCLOUD_SERVER", server.url());
    env.put("GPUCLOUD_TENANT", "sk-hynix");
    env.put("GPUCLOUD_API_KEY", "gck_test");
  }

  Console with(String variable, String value) {
    env.put(variable, value);
    return this;
  }

  FakeServer server() {
    return server;
  }

  Console answer(String methodAndPath, int status, String body, String... headers) {
    server.answer(methodAndPath, status, body, headers);
    return this;
  }

  /** What the command prints; it must end well. */
  String run(String... args) {
    assertThat(code(args)).as(err.toString()).isZero();
    return out.toString();
  }

  /** As {@link #run(String...)} of words with spaces between. */
  String line(String line) {
    return run(line.split(" "));
  }

  /** Somebody sits there and types this. */
  Console atATerminal(String typed) {
    interactive = true;
    stdin = typed;
    return this;
  }

  /** The terminal has so many cells in a line. */
  Console within(int cells) {
    width = cells;
    return this;
  }

  /** How the command ends. */
  int code(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return GpucloudCli.execute(GpucloudCli.commandLine(context()), args);
  }

  /** How the command ends of whose results so many lines are read and no more. */
  int codeReadOnly(int lines, String... args) {
    err.getBuffer().setLength(0);
    Writer reader =
        new FilterWriter(new StringWriter()) {
          private int left = lines;

          @Override
          public void write(String text, int from, int length) throws IOException {
            left -= (int) text.substring(from, from + length).lines().count();
            if (left < 0) {
              throw new IOException("Broken pipe");
            }
          }
        };
    return GpucloudCli.execute(GpucloudCli.commandLine(context(new PrintWriter(reader))), args);
  }

  CliContext context() {
    return context(new PrintWriter(out));
  }

  private CliContext context(PrintWriter results) {
    Terminal terminal =
        new Terminal(results, new PrintWriter(err), new StringReader(stdin), interactive, false);
    return new CliContext(terminal.within(width), env, folder, InstantSource.fixed(NOW));
  }

  String printed() {
    return out.toString();
  }

  String errors() {
    return err.toString();
  }

  Request last() {
    return server.last();
  }

  @Override
  public void close() {
    server.close();
  }
}
