package dev.gpucloud.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.gateway.fixture.FakeWorld;
import dev.gpucloud.gateway.fixture.Issuer;
import dev.gpucloud.gateway.limits.WrongCredentials;
import io.quarkus.test.common.http.TestHTTPResource;
import io.smallrye.jwt.build.Jwt;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;

/** A client of the gateway with tokens of its identity provider. */
abstract class EdgeCase {
  static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TestHTTPResource URI gateway;
  PrivateKey key;
  @Issuer String issuer;
  @Inject WrongCredentials wrong;

  @BeforeEach
  void nobodyIsPutOff() {
    wrong.pardon();
  }

  String good() {
    return token(issuer, "gpucloud-api", inAnHour(), key);
  }

  static Instant inAnHour() {
    return Instant.now().plusSeconds(3600);
  }

  static String token(String issuer, String audience, Instant expiry, PrivateKey key) {
    return Jwt.issuer(issuer)
        .subject("user-1")
        .audience(audience)
        .issuedAt(expiry.minusSeconds(3600))
        .expiresAt(expiry)
        .jws()
        .keyId(FakeWorld.KEY_ID)
        .sign(key);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(gateway.resolve(path)).timeout(Duration.ofSeconds(20));
  }

  HttpRequest.Builder bearer(String path, String token) {
    return request(path).header("Authorization", "Bearer " + token);
  }

  static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  String raw(String request) throws IOException {
    try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(US_ASCII));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }

  static JsonObject json(HttpResponse<String> answer) {
    return new JsonObject(answer.body());
  }

  static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonObject problem = json(answer);
    assertThat(problem.getString("code")).isEqualTo(code);
    assertThat(problem.getInteger("status")).isEqualTo(status);
    assertThat(problem.getString("requestId"))
        .isEqualTo(answer.headers().firstValue("X-Request-Id").orElseThrow());
  }
}
