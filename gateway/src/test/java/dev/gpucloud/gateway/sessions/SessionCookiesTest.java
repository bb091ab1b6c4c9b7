package dev.gpucloud.gateway.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.problem.ProblemException;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cookies as a server sends them, where browsers come by TLS. */
class SessionCookiesTest {
  private static final Instant NOW = Instant.now();

  private final Vertx vertx = Vertx.vertx();
  private final SessionConfig config =
      new SmallRyeConfigBuilder()
          .withMapping(SessionConfig.class)
          .withDefaultValues(
              Map.of("gpucloud.gateway.sessions.public-url", "https://gpucloud.example.com"))
          .build()
          .getConfigMapping(SessionConfig.class);
  private final SessionCookies cookies =
      new SessionCookies(
          new Seal(List.of("a secret of more than thirty-two letters")),
          new PublicAddress(config),
          config);

  @AfterEach
  void close() {
    vertx.close();
  }

  @Test
  void goToThisHostAloneAndOverTls() throws Exception {
    assertThat(sent(request -> cookies.keep(request.response(), session("refresh"))))
        .singleElement()
        .asString()
        .startsWith("__Host-gpucloud-session=")
        .contains("; Path=/;", "; Secure", "; HTTPOnly", "; SameSite=Strict")
        .doesNotContain("Domain", "Max-Age");
    assertThat(
            sent(
                request ->
                    cookies.keep(
                        request, Login.begin(ReturnPath.HOME, NOW, config.loginTimeout()))))
        .singleElement()
        .asString()
        .startsWith("__Host-gpucloud-login-")
        .contains("Max-Age=1800", "; Path=/;", "; Secure", "; HTTPOnly", "; SameSite=Lax")
        .doesNotContain("Domain");
  }

  @Test
  void areNoLargerThanABrowserTakes() throws Exception {
    assertThat(sent(request -> cookies.keep(request.response(), session("x".repeat(2000)))))
        .singleElement()
        .asString()
        .hasSizeLessThan(4096);
    assertThat(sent(request -> cookies.keep(request.response(), session("x".repeat(3000)))))
        .isEmpty();
  }

  private static Session session(String refreshToken) {
    return new Session("id", "sub", "kim", null, "csrf", refreshToken, NOW, NOW, NOW);
  }

  /** What the browser gets when the server does so. */
  private List<String> sent(Handler<HttpServerRequest> server) throws Exception {
    int port =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  try {
                    server.handle(request);
                  } catch (ProblemException tooLarge) {
                    request.response().setStatusCode(tooLarge.type().status());
                  }
                  request.response().end();
                })
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS)
            .actualPort();
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build(),
                BodyHandlers.ofString());
    return answer.headers().allValues("Set-Cookie");
  }
}
