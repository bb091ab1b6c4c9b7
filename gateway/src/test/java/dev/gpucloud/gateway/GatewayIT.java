package dev.gpucloud.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.gateway.fixture.FakeWorld;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The gateway between real sockets: a client before it, fake services and an identity provider
 * behind.
 */
@QuarkusTest
@QuarkusTestResource(FakeWorld.class)
class GatewayIT extends EdgeCase {
  // ---- who may pass

  @Test
  void refusesACallerWithoutAToken() throws Exception {
    HttpResponse<String> answer = send(request("/api/v1/me"));
    assertProblem(answer, 401, "UNAUTHENTICATED");
    assertThat(answer.headers().firstValue("WWW-Authenticate"))
        .contains("Bearer realm=\"gpucloud\"");
  }

  @Test
  void refusesAnExpiredToken() throws Exception {
    String token = token(issuer, "gpucloud-api", Instant.now().minusSeconds(60), key);
    assertProblem(send(bearer("/api/v1/me", token)), 401, "UNAUTHENTICATED");
  }

  @Test
  void refusesATokenSignedByAnotherKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    String token =
        token(issuer, "gpucloud-api", inAnHour(), generator.generateKeyPair().getPrivate());
    assertProblem(send(bearer("/api/v1/me", token)), 401, "UNAUTHENTICATED");
  }

  @Test
  void refusesATokenForAnotherAudience() throws Exception {
    String token = token(issuer, "other-api", inAnHour(), key);
    assertProblem(send(bearer("/api/v1/me", token)), 401, "UNAUTHENTICATED");
  }

  @Test
  void refusesATokenOfAnotherIssuer() throws Exception {
    String token = token("http://127.0.0.1:1/evil", "gpucloud-api", inAnHour(), key);
    assertProblem(send(bearer("/api/v1/me", token)), 401, "UNAUTHENTICATED");
  }

  @Test
  void refusesAnUnsignedToken() throws Exception {
    String payload = good().split("\\.")[1];
    String header =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\",\"typ\":\"JWT\"}".getBytes(US_ASCII));
    assertProblem(send(bearer("/api/v1/me", header + "." + payload + ".")), 401, "UNAUTHENTICATED");
  }

  @Test
  void refusesATokenWhosePayloadWasChanged() throws Exception {
    String[] parts = good().split("\\.");
    String payload = new String(Base64.getUrlDecoder().decode(parts[1]), US_ASCII);
    String forged =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(payload.replace("user-1", "user-2").getBytes(US_ASCII));
    assertProblem(
        send(bearer("/api/v1/me", parts[0] + "." + forged + "." + parts[2])),
        401,
        "UNAUTHENTICATED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic dXNlcjpwYXNz", "Bearer", "Bearer  ", "garbage"})
  void refusesOtherCredentials(String authorization) throws Exception {
    HttpRequest.Builder request = request("/api/v1/me").header("Authorization", authorization);
    assertProblem(send(request), 401, "UNAUTHENTICATED");
  }

  @Test
  void letsAVerifiedTokenThroughAgainFromItsMemory() throws Exception {
    String token = good();
    assertThat(send(bearer("/api/v1/me", token)).statusCode()).isEqualTo(200);
    assertThat(send(bearer("/api/v1/me", token)).statusCode()).isEqualTo(200);
  }

  // ---- what passes

  @Test
  void passesATokenOnInItsPlainForm() throws Exception {
    String token = good();
    JsonObject seen =
        json(send(request("/api/v1/me").header("Authorization", "bearer   " + token)));
    assertThat(seen.getJsonObject("headers").getString("authorization"))
        .isEqualTo("Bearer " + token);
  }

  @Test
  void passesARequestOnWithItsQueryAndToken() throws Exception {
    String token = good();
    JsonObject seen =
        json(send(bearer("/api/v1/tenants/sk-hynix/projects?pageSize=3&x=%2F", token)));
    assertThat(seen.getString("uri"))
        .isEqualTo("/api/v1/tenants/sk-hynix/projects?pageSize=3&x=%2F");
    assertThat(seen.getJsonObject("headers").getString("authorization"))
        .isEqualTo("Bearer " + token);
  }

  @Test
  void passesABodyWhole() throws Exception {
    byte[] body = new byte[60_000];
    Arrays.fill(body, (byte) 3);
    HttpResponse<String> answer =
        send(
            bearer("/api/v1/projects/a.b/instances", good())
                .header("Idempotency-Key", "k-1")
                .POST(BodyPublishers.ofByteArray(body)));
    assertThat(json(answer).getInteger("bodyBytes")).isEqualTo(60_000);
    assertThat(json(answer).getLong("bodySum")).isEqualTo(180_000);
    assertThat(json(answer).getJsonObject("headers").getString("idempotency-key")).isEqualTo("k-1");
    assertThat(answer.headers().firstValue("ETag")).contains("\"7\"");
  }

  @Test
  void passesAChunkedBodyWhole() throws Exception {
    HttpResponse<String> answer =
        send(
            bearer("/api/v1/projects/a.b/instances", good())
                .POST(
                    BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(new byte[50_000]))));
    assertThat(json(answer).getInteger("bodyBytes")).isEqualTo(50_000);
  }

  @Test
  void streamsALargeAnswer() throws Exception {
    HttpResponse<InputStream> answer =
        CLIENT.send(
            bearer("/api/v1/operations/large", good()).build(), BodyHandlers.ofInputStream());
    long bytes = 0;
    try (InputStream in = answer.body()) {
      byte[] block = new byte[8192];
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        bytes += n;
      }
    }
    assertThat(bytes).isEqualTo(FakeWorld.LARGE_BYTES);
  }

  @Test
  void passesAnAnswerWithoutABody() throws Exception {
    HttpResponse<String> answer = send(bearer("/api/v1/operations/empty", good()).DELETE());
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void passesAServicesProblemUnchangedButNotItsConnectionHeaders() throws Exception {
    HttpResponse<String> answer = send(bearer("/api/v1/operations/problem", good()));
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).isEqualTo("{\"code\":\"QUOTA_EXCEEDED\",\"status\":409}");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.headers().firstValue("Retry-After")).contains("17");
    assertThat(answer.headers().firstValue("Server")).isEmpty();
    assertThat(answer.headers().firstValue("X-Inside")).isEmpty();
  }

  @Test
  void keepsOutHeadersThatClaimWhatOnlyTheEdgeKnows() throws Exception {
    JsonObject headers =
        json(send(
                bearer("/api/v1/me", good())
                    .header("X-Forwarded-For", "10.0.0.1")
                    .header("X-Forwarded-Host", "evil.example")
                    .header("Forwarded", "for=10.0.0.1")
                    .header("X-Real-IP", "10.0.0.1")
                    .header("X-Original-URL", "/internal")
                    .header("X-HTTP-Method-Override", "DELETE")
                    .header("Cookie", "session=1")
                    .header("X-GpuCloud-Subject", "admin")
                    .header("TE", "trailers")
                    .header("Accept-Language", "ko")))
            .getJsonObject("headers");
    assertThat(headers.getString("x-forwarded-for")).isEqualTo("127.0.0.1");
    assertThat(headers.getString("x-forwarded-host")).isEqualTo(gateway.getAuthority());
    assertThat(headers.getString("x-forwarded-proto")).isEqualTo("http");
    assertThat(headers.getString("accept-language")).isEqualTo("ko");
    assertThat(headers.fieldNames())
        .doesNotContain(
            "forwarded",
            "x-real-ip",
            "x-original-url",
            "x-http-method-override",
            "cookie",
            "x-gpucloud-subject",
            "te");
  }

  @Test
  void namesTheRequestAndItsTraceOnBothSides() throws Exception {
    HttpResponse<String> answer =
        send(
            bearer("/api/v1/me", good())
                .header("X-Request-Id", "my-request-1")
                .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    JsonObject seen = json(answer).getJsonObject("headers");
    assertThat(answer.headers().firstValue("X-Request-Id")).contains("my-request-1");
    assertThat(seen.getString("x-request-id")).isEqualTo("my-request-1");
    assertThat(seen.getString("traceparent"))
        .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
        .doesNotContain("00f067aa0ba902b7");
  }

  // ---- pages of other origins

  @Test
  void aPageOfAListedOriginMayAskAndRead() throws Exception {
    HttpResponse<String> asked =
        send(preflight(FakeWorld.ORIGIN).header("Access-Control-Request-Headers", "authorization"));
    assertThat(asked.statusCode()).isEqualTo(204);
    assertThat(asked.headers().firstValue("Access-Control-Allow-Origin"))
        .contains(FakeWorld.ORIGIN);
    assertThat(asked.headers().firstValue("Access-Control-Allow-Methods").orElseThrow())
        .contains("PATCH");
    assertThat(asked.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
        .contains("authorization", "idempotency-key");
    assertThat(asked.headers().firstValue("Access-Control-Max-Age")).contains("600");

    HttpResponse<String> read =
        send(bearer("/api/v1/me", good()).header("Origin", FakeWorld.ORIGIN));
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.headers().firstValue("Access-Control-Allow-Origin")).contains(FakeWorld.ORIGIN);
    assertThat(read.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
        .contains("ETag", "RateLimit");
    assertThat(read.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
    HttpResponse<String> refused = send(request("/api/v1/me").header("Origin", FakeWorld.ORIGIN));
    assertProblem(refused, 401, "UNAUTHENTICATED");
    assertThat(refused.headers().firstValue("Access-Control-Allow-Origin"))
        .contains(FakeWorld.ORIGIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://evil.example.com", "null", "https://console.example.com.evil.example"})
  void aPageOfAnotherOriginIsToldNothing(String origin) throws Exception {
    assertProblem(send(preflight(origin)), 405, "METHOD_NOT_ALLOWED");
    HttpResponse<String> read = send(bearer("/api/v1/me", good()).header("Origin", origin));
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    assertThat(read.headers().firstValue("Vary")).contains("origin");
  }

  private HttpRequest.Builder preflight(String origin) {
    return request("/api/v1/me")
        .method("OPTIONS", BodyPublishers.noBody())
        .header("Origin", origin)
        .header("Access-Control-Request-Method", "PATCH");
  }

  @Test
  void setsSecurityHeadersOnEveryAnswer() throws Exception {
    for (HttpResponse<String> answer :
        List.of(send(bearer("/api/v1/me", good())), send(request("/nothing")))) {
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.headers().firstValue("X-Frame-Options")).contains("DENY");
      assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
      assertThat(answer.headers().firstValue("Content-Security-Policy")).isPresent();
    }
  }

  // ---- what does not exist here

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api/v1/internal/v1/x",
        "/internal/v1/x",
        "/api/v1/nothing",
        "/x.php",
        "/q",
        "/q/",
        "/q/nothing"
      })
  void answersAProblemWhereThereIsNothing(String path) throws Exception {
    assertProblem(send(bearer(path, good())), 404, "NOT_FOUND");
  }

  @Test
  void aProblemHasItsTitleInTheLanguageAskedFor() throws Exception {
    HttpResponse<String> answer =
        send(bearer("/api/v1/nothing-here", good()).header("Accept-Language", "ko-KR, en;q=0.5"));

    assertProblem(answer, 404, "NOT_FOUND");
    assertThat(json(answer).getString("title")).isEqualTo("이 주소에는 아무것도 없습니다");
    assertThat(answer.headers().firstValue("Content-Language")).contains("ko");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/v1/../internal/x", "/api/v1/tenants/%2e%2e/x", "/api/v1/tenants/a%2fb"})
  void refusesAnAmbiguousPath(String path) throws Exception {
    String answer = raw("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 400").contains("INVALID_PARAMETER");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/me?a=%",
        "/api/v1/%zz",
        "nowhere",
        "/api/v1/me?a=<b>",
        "/api/v1/me/\"",
        "/api/v1/me HTTP/1.1\r\nHost: a b\r\nX: ",
        "/api/v1/me HTTP/1.1\r\nHost: h:99999\r\nAccept: text/html\r\nX: "
      })
  void refusesAnAddressThatIsNone(String target) throws Exception {
    String host = target.contains("Host: ") ? "" : "Host: h\r\n";
    String answer = raw("GET " + target + " HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 400").contains("INVALID_PARAMETER", "requestId");
  }

  @Test
  void refusesAMethodThatTheApiDoesNotHave() throws Exception {
    HttpResponse<String> answer =
        send(bearer("/api/v1/me", good()).method("OPTIONS", BodyPublishers.noBody()));
    assertProblem(answer, 405, "METHOD_NOT_ALLOWED");
    assertThat(answer.headers().firstValue("Allow")).hasValueSatisfying(a -> a.contains("GET"));
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/events, GET",
    "/openapi, 'GET, HEAD'",
    "/problems, 'GET, HEAD'",
    "/.well-known/oauth-protected-resource, 'GET, HEAD'"
  })
  void saysWithWhichMethodItsOwnAddressesAreRead(String path, String allowed) throws Exception {
    HttpResponse<String> answer =
        send(bearer(path, good()).method("POST", BodyPublishers.ofString("{}")));
    assertProblem(answer, 405, "METHOD_NOT_ALLOWED");
    assertThat(answer.headers().firstValue("Allow")).hasValue(allowed);
  }

  // ---- limits

  @ParameterizedTest
  @ValueSource(ints = {64 * 1024 + 1, 10 << 20})
  void refusesABodyThatSaysItIsTooLarge(int bytes) throws Exception {
    HttpResponse<String> answer =
        send(
            bearer("/api/v1/projects/a.b/instances", good())
                .POST(BodyPublishers.ofByteArray(new byte[bytes])));
    assertProblem(answer, 413, "BODY_TOO_LARGE");
    assertThat(json(answer).getJsonObject("params").getInteger("limitBytes")).isEqualTo(65536);
  }

  @Test
  void refusesAChunkedBodyThatTurnsOutTooLarge() throws Exception {
    StringBuilder request = new StringBuilder();
    request.append("POST /api/v1/projects/a.b/instances HTTP/1.1\r\nHost: h\r\n");
    request.append("Authorization: Bearer ").append(good()).append("\r\n");
    request.append("Transfer-Encoding: chunked\r\n\r\n");
    String chunk = Integer.toHexString(8192) + "\r\n" + "x".repeat(8192) + "\r\n";
    request.append(chunk.repeat(9)).append("0\r\n\r\n");
    String answer = raw(request.toString());
    assertThat(answer).startsWith("HTTP/1.1 413").contains("BODY_TOO_LARGE");
    assertThat(answer.toLowerCase()).contains("connection: close");
  }

  @Test
  void allowsAnImportMore() throws Exception {
    HttpResponse<String> answer =
        send(
            bearer("/api/v1/admin/imports/tenants", good())
                .POST(BodyPublishers.ofByteArray(new byte[1024 * 1024])));
    assertThat(json(answer).getInteger("bodyBytes")).isEqualTo(1024 * 1024);
  }

  @ParameterizedTest
  @ValueSource(ints = {8 * 1024, 60_000})
  void refusesAnAddressThatIsTooLong(int bytes) throws Exception {
    HttpResponse<String> answer = send(bearer("/api/v1/me?a=" + "y".repeat(bytes), good()));
    assertProblem(answer, 414, "URI_TOO_LONG");
    assertThat(json(answer).getJsonObject("params").getInteger("limitBytes")).isEqualTo(8192);
  }

  @Test
  void refusesTooManyHeaderBytes() throws Exception {
    HttpRequest.Builder request = bearer("/api/v1/me", good());
    for (int i = 0; i < 17; i++) {
      request.header("X-Filler-" + i, "y".repeat(1000));
    }
    assertProblem(send(request), 431, "HEADERS_TOO_LARGE");
  }

  // ---- its own addresses

  @Test
  void namesItsIdentityProvider() throws Exception {
    JsonObject metadata = json(send(request("/.well-known/oauth-protected-resource")));
    assertThat(metadata.getJsonArray("authorization_servers")).containsExactly(issuer);
    assertThat(metadata.getString("resource")).isEqualTo("http://" + gateway.getAuthority());
  }

  @Test
  void explainsProblemsOnAPageInTheLanguageThatIsAskedFor() throws Exception {
    JsonObject problem = json(send(request("/api/v1/me")));
    String[] type = problem.getString("type").split("#");
    HttpResponse<String> page = send(request(type[0]));

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
    assertThat(page.headers().firstValue("Content-Security-Policy"))
        .contains("default-src 'none'; frame-ancestors 'none'");
    assertThat(page.headers().firstValue("X-Request-Id")).isPresent();
    assertThat(page.headers().allValues("Vary")).contains("Accept-Language");
    assertThat(page.body())
        .contains("<html lang=\"en\">")
        .contains("<h2 id=\"" + type[1] + "\">401 UNAUTHENTICATED</h2>")
        .contains("<p>" + problem.getString("title") + "</p>");
    HttpResponse<String> korean = send(request(type[0]).header("Accept-Language", "ko-KR"));
    assertThat(korean.headers().firstValue("Content-Language")).contains("ko");
    assertThat(korean.body()).contains("<html lang=\"ko\">").contains("<p>유효한 액세스 토큰이 없습니다</p>");
  }

  @Test
  void showsTheDocumentOnAPage() throws Exception {
    HttpResponse<String> before = send(request("/docs").header("X-Request-Id", "r-1"));
    assertThat(before.headers().firstValue("Location")).contains("/docs/");
    assertThat(before.headers().firstValue("X-Request-Id")).contains("r-1");
    assertThat(before.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(before.headers().firstValue("Content-Security-Policy")).isPresent();
    HttpResponse<String> page = send(request("/docs/"));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("X-Request-Id")).isPresent();
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'; script-src 'self';");
    List<String> parts =
        Pattern.compile("(?:src|href)=\"([^\"]+)\"")
            .matcher(page.body())
            .results()
            .map(part -> part.group(1))
            .toList();
    assertThat(parts).hasSize(5);
    for (String part : parts) {
      assertThat(send(request(part)).statusCode()).as(part).isEqualTo(200);
    }
    assertThat(send(request("/docs/nothing")).statusCode()).isEqualTo(404);
    HttpResponse<String> head = send(request("/docs").HEAD());
    assertThat(head.headers().firstValue("Location")).contains("/docs/");
    assertThat(send(request("/docs/").HEAD()).statusCode()).isEqualTo(200);
  }

  @Test
  void saysThatTheDocumentCannotBeMadeWhileAServiceIsDown() throws Exception {
    assertProblem(send(request("/openapi")), 503, "UPSTREAM_UNAVAILABLE");
  }

  @Test
  void showsItsHealthAndMeters() throws Exception {
    assertThat(send(request("/q/health/ready")).statusCode()).isEqualTo(200);
    send(bearer("/api/v1/me", good()));
    assertThat(send(request("/q/metrics")).body())
        .contains("gpucloud_gateway_requests_seconds_count")
        .contains("route=\"me\"");
  }
}
