package dev.gpucloud.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.gateway.fixture.FakeWorld;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Services that are away, silent or break off, and clients that do. */
@QuarkusTest
@QuarkusTestResource(FakeWorld.class)
class FailingServicesIT extends EdgeCase {
  private static final int BREAKER_FAILURES = 5;

  @Test
  void leavesASilentServiceAloneForAWhileAndThenAsksAgain() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> silent = new ArrayList<>();
    for (int i = 0; i < BREAKER_FAILURES; i++) {
      silent.add(
          CLIENT.sendAsync(
              bearer("/api/v1/operations/silent", good()).build(), BodyHandlers.ofString()));
    }
    silent.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(504));

    assertProblem(send(bearer("/api/v1/operations/problem", good())), 503, "UPSTREAM_UNAVAILABLE");
    assertThat(send(request("/q/metrics")).body())
        .contains("gpucloud_gateway_breaker_open{service=\"inventory-service\"} 1.0")
        .contains("gpucloud_gateway_breaker_open{service=\"tenant-service\"} 0.0");
    assertThat(send(bearer("/api/v1/me", good())).statusCode()).isEqualTo(200);

    int status = 503;
    for (int i = 0; i < 100 && status == 503; i++) {
      Thread.sleep(50);
      status = send(bearer("/api/v1/operations/problem", good())).statusCode();
    }
    assertThat(status).isEqualTo(409);
    awaitMetric("gpucloud_gateway_breaker_open{service=\"inventory-service\"} 0.0");
  }

  @Test
  void saysThatAServiceIsDownAndWhenToComeBack() throws Exception {
    HttpResponse<String> answer = send(bearer("/api/v1/prices", good()));
    assertProblem(answer, 503, "UPSTREAM_UNAVAILABLE");
    assertThat(answer.headers().firstValue("Retry-After")).contains("2");
    assertThat(answer.body()).doesNotContain("127.0.0.1").doesNotContain("Exception");
  }

  @Test
  void givesUpOnASilentService() throws Exception {
    assertProblem(send(bearer("/api/v1/operations/silent", good())), 504, "UPSTREAM_TIMEOUT");
  }

  @Test
  void cutsAnAnswerThatBreaksOffInsteadOfEndingIt() {
    assertThatThrownBy(() -> send(bearer("/api/v1/operations/cut", good())))
        .isInstanceOf(IOException.class);
  }

  @Test
  void servesOnAfterAClientThatWentAway() throws Exception {
    try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
      socket
          .getOutputStream()
          .write(
              ("POST /api/v1/projects/a.b/instances HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
                      + good()
                      + "\r\nContent-Length: 1000\r\n\r\nhalf")
                  .getBytes(US_ASCII));
      awaitUnderWay(1);
    }
    assertThat(send(bearer("/api/v1/me", good())).statusCode()).isEqualTo(200);
    awaitUnderWay(0);
  }

  /** As at every stop under load, when pools close and clients have been hung up on. */
  @Test
  void saysNothingOfAServiceThatFailsWhenNobodyWaitsForIt() throws Exception {
    List<String> said = new CopyOnWriteArrayList<>();
    Handler ear = ear(said);
    Logger log = Logger.getLogger(Proxy.class.getName());
    log.addHandler(ear);
    try {
      try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
        socket
            .getOutputStream()
            .write(
                ("GET /api/v1/tenants/acme/held HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
                        + good()
                        + "\r\n\r\n")
                    .getBytes(US_ASCII));
        awaitUnderWay(1);
        for (int i = 0; i < 100 && FakeWorld.HELD.isEmpty(); i++) {
          Thread.sleep(50);
        }
      }
      awaitUnderWay(0);
      Objects.requireNonNull(FakeWorld.HELD.poll()).reset();
      Thread.sleep(500);
      assertThat(said).isEmpty();

      assertProblem(send(bearer("/api/v1/prices", good())), 503, "UPSTREAM_UNAVAILABLE");
      assertThat(said).singleElement().asString().contains("unavailable");
    } finally {
      log.removeHandler(ear);
    }
  }

  private static Handler ear(List<String> heard) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        heard.add(line.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  /** Else the next request on the connection would be read as the rest of that body. */
  @Test
  void sendsNothingMoreAfterABodyThatWasPromisedAndNotSent() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
        socket
            .getOutputStream()
            .write(
                ("POST /api/v1/operations/early HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
                        + good()
                        + "\r\nContent-Length: 5000\r\n\r\nhalf")
                    .getBytes(US_ASCII));
        byte[] start = socket.getInputStream().readNBytes(12);
        assertThat(new String(start, US_ASCII)).isEqualTo("HTTP/1.1 403");
      }
      awaitUnderWay(0);
      for (int n = 0; n < 3; n++) {
        HttpResponse<String> next = send(bearer("/api/v1/operations/next", good()));
        assertThat(next.statusCode()).isEqualTo(200);
        assertThat(json(next).getString("uri")).isEqualTo("/api/v1/operations/next");
      }
    }
  }

  private void awaitUnderWay(int requests) throws Exception {
    awaitMetric("gpucloud_gateway_in_flight " + requests + ".0");
  }

  /** What an answer changes is counted just after the answer is sent. */
  private void awaitMetric(String wanted) throws Exception {
    String metrics = "";
    for (int i = 0; i < 100 && !metrics.contains(wanted); i++) {
      Thread.sleep(50);
      metrics = send(request("/q/metrics")).body();
    }
    assertThat(metrics).contains(wanted);
  }
}
