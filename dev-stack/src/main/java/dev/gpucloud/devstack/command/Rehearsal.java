package dev.gpucloud.devstack.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gpucloud.cli.CliContext;
import dev.gpucloud.cli.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Goes the ways of the command line once through, unseen and against a server of its own: the run
 * that the launcher makes its AOT cache of (JEP 514).
 */
final class Rehearsal {
  private static final String INSTANCES =
      """
      {"items":[{"id":"ins_018f2f4e-0000-7000-8000-000000000001","name":"trainer-1",
      "project":"prj_018f2f4e-0000-7000-8000-000000000002","instanceType":"b200.8x",
      "site":"icn-1","state":"RUNNING","gpus":8,"createdAt":"2026-11-02T00:00:00Z"}],
      "nextPageToken":null}""";

  private static final List<List<String>> LINES =
      List.of(
          List.of("--help"),
          List.of("--version"),
          List.of("instances", "--help"),
          List.of("instances", "list", "--project", "a.b"),
          List.of("instances", "list", "--project", "a.b", "-o", "json"),
          List.of("instances", "list", "--project", "a.b", "-o", "yaml"),
          List.of("instances", "show", "--project", "a.b", "nobody"),
          List.of("whoami"),
          List.of("instanecs"));

  private Rehearsal() {}

  public static void main(String[] args) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", Rehearsal::answer);
    server.start();
    try {
      for (String language : List.of("en_US.UTF-8", "ko_KR.UTF-8")) {
        CliContext context = context(server.getAddress().getPort(), language);
        LINES.forEach(line -> GpucloudMain.execute(context, line.toArray(new String[0])));
      }
    } finally {
      server.stop(0);
    }
  }

  private static CliContext context(int port, String language) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    return new CliContext(
        new Terminal(nowhere, nowhere, Reader.nullReader(), false, false),
        Map.of(
            "GPUCLOUD_SERVER",
            "http://127.0.0.1:" + port,
            "GPUCLOUD_API_KEY",
            "gck_rehearsal",
            "LANG",
            language),
        Path.of("").toAbsolutePath(),
        InstantSource.system());
  }

  private static void answer(HttpExchange exchange) throws IOException {
    boolean isList = exchange.getRequestURI().getPath().endsWith("/instances");
    byte[] body =
        (isList ? INSTANCES : "{\"status\":404,\"code\":\"NOT_FOUND\",\"title\":\"Nothing here\"}")
            .getBytes(StandardCharsets.UTF_8);
    exchange
        .getResponseHeaders()
        .set("Content-Type", isList ? "application/json" : "application/problem+json");
    exchange.sendResponseHeaders(isList ? 200 : 404, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
