package dev.gpucloud.devstack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gpucloud.cli.ApiClient;
import dev.gpucloud.cli.InstanceApi;
import dev.gpucloud.cli.RetryPolicy;
import dev.gpucloud.cli.Terminal;
import dev.gpucloud.cli.TokenSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemoStoryTest {
  private HttpServer gateway;

  @BeforeEach
  void start() throws IOException {
    gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.createContext("/", DemoStoryTest::answer);
    gateway.start();
  }

  @AfterEach
  void stop() {
    gateway.stop(0);
  }

  @Test
  void tellsOfEachInstanceThatStays() {
    StringWriter err = new StringWriter();

    DemoStory.removeInstances(instances(), List.of("ins_a", "ins_gone", "ins_b"), terminal(err));

    assertThat(err.toString().lines())
        .containsExactly(
            "Instance ins_a is not deleted: INTERNAL (500): The service failed.",
            "Instance ins_b is not deleted: INTERNAL (500): The service failed.");
  }

  private static void answer(HttpExchange exchange) throws IOException {
    boolean gone = exchange.getRequestURI().getPath().endsWith("/ins_gone");
    byte[] body =
        (gone
                ? "{\"code\":\"NOT_FOUND\"}"
                : "{\"code\":\"INTERNAL\",\"detail\":\"The service failed.\"}")
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(gone ? 404 : 500, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private InstanceApi instances() {
    TokenSource token =
        new TokenSource() {
          @Override
          public String accessToken() {
            return "token";
          }

          @Override
          public String renewedToken() {
            return "token";
          }
        };
    URI address = URI.create("http://127.0.0.1:" + gateway.getAddress().getPort());
    RetryPolicy once = RetryPolicy.lasting(Duration.ZERO);
    return new InstanceApi(
        new ApiClient(ApiClient.newHttpClient(), address, token, once), "sk-hynix.fab");
  }

  private static Terminal terminal(StringWriter err) {
    return new Terminal(
        new PrintWriter(new StringWriter()),
        new PrintWriter(err),
        Reader.nullReader(),
        false,
        false);
  }
}
