package dev.gpucloud.gateway.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.gateway.fixture.FakeBrowser;
import dev.gpucloud.gateway.fixture.FakeLogins;
import dev.gpucloud.gateway.fixture.FakeWorld;
import dev.gpucloud.gateway.limits.WrongCredentials;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Browsers that are logged in: what their cookie opens, what it does not, and how that ends. */
@QuarkusTest
@QuarkusTestResource(FakeWorld.class)
class SessionIT {
  private static final String COOKIE = "gpucloud-session";
  private static final String CSRF = "X-CSRF-Token";
  private static final String INSTANCES = "/api/v1/projects/a/instances";

  @TestHTTPResource URI gateway;
  @Inject WrongCredentials wrong;
  @Inject Seal seal;
  private FakeBrowser browser;

  @BeforeEach
  void begin() {
    wrong.pardon();
    FakeLogins.reset();
    browser = new FakeBrowser(gateway);
  }

  // ---- what the cookie opens

  @Test
  void sendsATokenOnInPlaceOfTheCookie() throws Exception {
    browser.logIn("opens");

    HttpResponse<String> answer = browser.get("/api/v1/me", CSRF, "x");

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonObject headers = json(answer).getJsonObject("headers");
    assertThat(claims(headers.getString("authorization")).getString("sub"))
        .isEqualTo("subject-of-opens");
    assertThat(headers.fieldNames()).doesNotContain("cookie", "x-csrf-token");
    assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
  }

  @Test
  void saysWhoIsLoggedInAndUntilWhen() throws Exception {
    browser.logIn("tells");

    HttpResponse<String> answer = browser.get("/auth/session");

    JsonObject session = json(answer);
    assertThat(session.fieldNames())
        .containsExactlyInAnyOrder(
            "subject", "username", "name", "csrfToken", "idleEndsAt", "endsAt");
    assertThat(session.getString("subject")).isEqualTo("subject-of-tells");
    assertThat(session.getString("username")).isEqualTo("tells");
    assertThat(session.getString("name")).isEqualTo("김 tells");
    assertThat(session.getInstant("idleEndsAt"))
        .isBetween(Instant.now().plusSeconds(3500), Instant.now().plusSeconds(3600));
    assertThat(session.getInstant("endsAt"))
        .isBetween(Instant.now().plusSeconds(43_100), Instant.now().plusSeconds(43_200));
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(answer.headers().firstValue("RateLimit-Policy")).isPresent();
  }

  @Test
  void nobodyIsLoggedInWithoutACookie() throws Exception {
    assertProblem(browser.get("/auth/session"), 401, "NO_SESSION");
  }

  @Test
  void aTokenGoesBeforeTheCookie() throws Exception {
    browser.logIn("both");

    HttpResponse<String> answer = browser.get("/api/v1/me", "Authorization", "Bearer wrong");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(json(answer).getJsonObject("params")).isNull();
    assertThat(browser.get("/api/v1/me", "Authorization", "Basic eDp5").statusCode())
        .isEqualTo(401);
  }

  @Test
  void thePagesOfOtherOriginsMayNotSendTheCookie() throws Exception {
    browser.logIn("foreign");

    HttpResponse<String> answer = browser.get("/auth/session", "Origin", FakeWorld.ORIGIN);

    assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
  }

  // ---- changes

  @Test
  void changesNothingForACookieAlone() throws Exception {
    browser.logIn("alone");
    String other = other("alone-2").csrfToken();

    for (String[] headers :
        List.of(new String[] {}, new String[] {CSRF, "wrong"}, new String[] {CSRF, other})) {
      HttpResponse<String> answer = browser.post(INSTANCES, headers);
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(json(answer).getString("code")).isEqualTo("CSRF_TOKEN_REQUIRED");
    }
    assertThat(browser.post("/auth/logout").statusCode()).isEqualTo(403);
    assertThat(browser.get("/auth/session").statusCode()).isEqualTo(200);
  }

  @Test
  void changesWhatAPageOfOursAsksFor() throws Exception {
    browser.logIn("proves");
    String proof = browser.csrfToken();
    String ours = gateway.getScheme() + "://" + gateway.getAuthority();

    HttpResponse<String> answer =
        browser.post(INSTANCES, CSRF, proof, "Origin", ours, "Sec-Fetch-Site", "same-origin");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(json(answer).getString("method")).isEqualTo("POST");
  }

  @Test
  void changesNothingForAPageOfAnotherOriginEvenWithTheToken() throws Exception {
    browser.logIn("elsewhere");
    String proof = browser.csrfToken();

    for (String[] from :
        List.of(
            new String[] {"Origin", "https://evil.example"},
            new String[] {"Origin", "null"},
            new String[] {"Origin", FakeWorld.ORIGIN},
            new String[] {"Sec-Fetch-Site", "cross-site"},
            new String[] {"Sec-Fetch-Site", "same-site"})) {
      HttpResponse<String> answer = browser.post(INSTANCES, CSRF, proof, from[0], from[1]);
      assertThat(answer.statusCode()).as(from[1]).isEqualTo(403);
      assertThat(json(answer).getString("code")).isEqualTo("CSRF_TOKEN_REQUIRED");
    }
  }

  // ---- tokens that end

  @Test
  void asksForANewTokenBeforeItsEndAndNobodyNotices() throws Exception {
    FakeLogins.tokensLive(5);
    browser.logIn("refreshes");
    String first = authorization(browser.get("/api/v1/me"));
    String cookie = browser.cookies().get(COOKIE);

    String second = authorization(browser.get("/api/v1/me"));

    assertThat(second).isNotEqualTo(first);
    assertThat(browser.cookies().get(COOKIE)).isNotEqualTo(cookie);
    assertThat(FakeLogins.REFRESHES.get()).isEqualTo(2);
  }

  /** The identity provider takes a refresh token once. */
  @Test
  void requestsOfOneBrowserAtTheSameTimeWaitForOneRefresh() throws Exception {
    browser.logIn("together");
    assertThat(browser.get("/api/v1/operations/unauthorized").statusCode()).isEqualTo(401);

    Set<String> tokens = new HashSet<>();
    FakeBrowser frozen = browser.copy();
    try (ExecutorService pool = Executors.newFixedThreadPool(16)) {
      Callable<String> request = () -> authorization(frozen.copy().get("/api/v1/me"));
      for (Future<String> token :
          pool.invokeAll(IntStream.range(0, 48).mapToObj(i -> request).toList())) {
        tokens.add(token.get());
      }
    }

    assertThat(tokens).hasSize(1);
    assertThat(FakeLogins.REFRESHES.get()).isEqualTo(1);
  }

  @Test
  void goesOnWithAGoodTokenWhileTheIdentityProviderIsAway() throws Exception {
    browser.logIn("patient");
    String token = authorization(browser.get("/api/v1/me"));
    browser.get("/api/v1/operations/unauthorized");
    FakeLogins.fail();

    assertThat(authorization(browser.get("/api/v1/me"))).isEqualTo(token);
    assertThat(authorization(browser.get("/api/v1/me"))).isEqualTo(token);
    assertThat(FakeLogins.REFRESHES.get()).isZero();
  }

  @Test
  void saysWhoIsAwayWhenTheTokenHasEnded() throws Exception {
    FakeLogins.tokensLive(5);
    browser.logIn("waits");
    FakeLogins.fail();

    HttpResponse<String> answer = browser.get("/api/v1/me");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.body()).doesNotContain("secret-of-the-inside");
    FakeLogins.recover();
    assertThat(browser.get("/api/v1/me").statusCode()).isEqualTo(200);
  }

  // ---- the end

  @Test
  void endsWhatTheIdentityProviderHasEnded() throws Exception {
    FakeLogins.tokensLive(5);
    browser.logIn("dismissed");
    FakeLogins.end("dismissed");

    HttpResponse<String> answer = browser.get("/api/v1/me");

    assertProblem(answer, 401, "SESSION_ENDED");
    assertThat(json(answer).getJsonObject("params").getString("login")).isEqualTo("/auth/login");
    assertThat(answer.body()).doesNotContain("secret-of-the-inside");
    assertProblem(browser.get("/auth/session"), 401, "SESSION_ENDED");
    assertThat(FakeLogins.REFRESHES.get()).isEqualTo(1);
    browser.logIn("dismissed");
    assertThat(browser.get("/api/v1/me").statusCode()).isEqualTo(200);
  }

  @Test
  void logsOutHereAndThere() throws Exception {
    browser.logIn("leaves");
    FakeBrowser copy = browser.copy();

    HttpResponse<String> answer = browser.post("/auth/logout", CSRF, browser.csrfToken());

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(browser.cookies()).doesNotContainKey(COOKIE);
    assertThat(FakeLogins.LOGGED_OUT).contains("leaves");
    assertProblem(copy.get("/api/v1/me"), 401, "SESSION_ENDED");
    assertThat(browser.post("/auth/logout").statusCode()).isEqualTo(204);
  }

  @Test
  void logsOutHereAlsoWhenTheIdentityProviderIsAway() throws Exception {
    browser.logIn("leaves-alone");
    FakeBrowser copy = browser.copy();
    String proof = browser.csrfToken();
    FakeLogins.fail();

    HttpResponse<String> answer = browser.post("/auth/logout", CSRF, proof);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(browser.cookies()).doesNotContainKey(COOKIE);
    FakeLogins.recover();
    assertProblem(copy.get("/api/v1/me"), 401, "SESSION_ENDED");
  }

  @Test
  void endsWhatIsNotUsedAndWhatLastsTooLong() throws Exception {
    browser.logIn("ages");

    change(session -> session.used(Instant.now().minus(Duration.ofMinutes(61))));
    assertProblem(browser.get("/api/v1/me"), 401, "SESSION_EXPIRED");

    change(session -> session.used(Instant.now().minus(Duration.ofMinutes(59))));
    HttpResponse<String> used = browser.get("/api/v1/me");
    assertThat(used.statusCode()).isEqualTo(200);
    assertThat(used.headers().allValues("Set-Cookie")).hasSize(1);
    assertThat(opened().usedAt()).isAfter(Instant.now().minusSeconds(10));

    change(session -> openedAt(session, Instant.now().minus(Duration.ofHours(13))));
    assertProblem(browser.get("/api/v1/me"), 401, "SESSION_EXPIRED");
  }

  @Test
  void refusesACookieThatIsNotOurs() throws Exception {
    browser.logIn("forges");
    String cookie = browser.cookies().get(COOKIE);
    String login = seal.close("login", seal.open("session", cookie).orElseThrow());

    for (String forged :
        List.of(
            cookie.substring(0, cookie.length() - 5) + "AAAAA",
            cookie.replaceFirst("\\.\\.", ".AAAA."),
            login,
            seal.close("session", new JsonObject().put("id", "of another version")),
            "x",
            "a.b.c.d.e")) {
      FakeBrowser forger = browser.copy();
      forger.cookies().put(COOKIE, forged);
      assertProblem(forger.get("/api/v1/me"), 401, "SESSION_ENDED");
      assertThat(forger.cookies()).doesNotContainKey(COOKIE);
    }
  }

  @Test
  void putsOffWhoTriesManyCookies() throws Exception {
    int status = 0;
    for (int i = 0; i < 100 && status != 429; i++) {
      browser.cookies().put(COOKIE, "guess-" + i);
      status = browser.get("/api/v1/me").statusCode();
    }
    assertThat(status).isEqualTo(429);
  }

  // ---- helpers

  private FakeBrowser other(String user) throws Exception {
    FakeBrowser other = new FakeBrowser(gateway);
    other.logIn(user);
    return other;
  }

  private Session opened() {
    return Session.of(seal.open("session", browser.cookies().get(COOKIE)).orElseThrow());
  }

  private void change(UnaryOperator<Session> by) {
    browser.cookies().put(COOKIE, seal.close("session", by.apply(opened()).toJson()));
  }

  private static Session openedAt(Session session, Instant at) {
    return Session.of(session.toJson().put("openedAt", at.toEpochMilli()));
  }

  private static String authorization(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer).getJsonObject("headers").getString("authorization");
  }

  private static JsonObject claims(String authorization) {
    return new JsonObject(new String(Base64.getUrlDecoder().decode(authorization.split("\\.")[1])));
  }

  private static JsonObject json(HttpResponse<String> answer) {
    return new JsonObject(answer.body());
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String reason) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(json(answer).getJsonObject("params").getString("reason")).isEqualTo(reason);
  }
}
