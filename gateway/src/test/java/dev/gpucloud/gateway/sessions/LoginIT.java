package dev.gpucloud.gateway.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.gateway.fixture.FakeBrowser;
import dev.gpucloud.gateway.fixture.FakeLogins;
import dev.gpucloud.gateway.fixture.FakeWorld;
import dev.gpucloud.gateway.fixture.Issuer;
import dev.gpucloud.gateway.limits.Limits;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A browser on its way to the identity provider and back. */
@QuarkusTest
@QuarkusTestResource(FakeWorld.class)
class LoginIT {
  private static final String SESSION = "gpucloud-session";

  @TestHTTPResource URI gateway;
  @Issuer String issuer;
  @Inject Limits limits;
  private FakeBrowser browser;

  @BeforeEach
  void begin() {
    limits.forget();
    FakeLogins.reset();
    browser = new FakeBrowser(gateway);
  }

  @AfterEach
  void nobodyIsPutOff() {
    limits.forget();
  }

  @Test
  void goesAwayWithProofAndKeepsWhatMustComeBack() throws Exception {
    HttpResponse<String> answer = browser.get("/auth/login");

    assertThat(answer.statusCode()).isEqualTo(303);
    String away = answer.headers().firstValue("Location").orElseThrow();
    assertThat(away).startsWith(issuer + "/protocol/openid-connect/auth?");
    Map<String, List<String>> query = new QueryStringDecoder(away).parameters();
    assertThat(query)
        .containsEntry("client_id", List.of("gpucloud-console"))
        .containsEntry("response_type", List.of("code"))
        .containsEntry("scope", List.of("openid"))
        .containsEntry("code_challenge_method", List.of("S256"))
        .containsEntry(
            "redirect_uri", List.of("http://" + gateway.getAuthority() + "/auth/callback"))
        .containsKeys("state", "nonce", "code_challenge");
    String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).startsWith("gpucloud-login-").contains("HTTPOnly", "SameSite=Lax");
    for (String secret : List.of("state", "nonce", "code_challenge")) {
      assertThat(cookie).doesNotContain(query.get(secret).getFirst());
    }
  }

  @Test
  void comesBackWithASessionAndNoToken() throws Exception {
    HttpResponse<String> answer = browser.logIn("kim");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location")).contains("/");
    assertThat(browser.cookies().keySet()).containsExactly(SESSION);
    String cookie =
        answer.headers().allValues("Set-Cookie").stream()
            .filter(set -> set.startsWith(SESSION))
            .findFirst()
            .orElseThrow();
    assertThat(cookie)
        .contains("Path=/", "HTTPOnly", "SameSite=Strict")
        .doesNotContain("Max-Age", "Domain", "Secure");
    assertThat(cookie.length()).isLessThan(2000);
    assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/console/", "/console/a%20b?tab=1&x=%2F%2Fy#z", "/"})
  void comesBackToThePathAskedFor(String path) throws Exception {
    String back = browser.comeBack("kim", "/auth/login?returnTo=" + encoded(path));

    assertThat(browser.get(back).headers().firstValue("Location")).contains(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "console",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/a//evil.example",
        "/..//evil.example",
        "/%2e%2e//evil.example",
        "/%2f/evil.example",
        "/%5cevil.example",
        "/%09/evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=y",
        "/한국",
        "/auth/login"
      })
  void comesBackToNoOtherPlace(String place) throws Exception {
    HttpResponse<String> answer = browser.get("/auth/login?returnTo=" + encoded(place));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(json(answer).getString("code")).isEqualTo("INVALID_PARAMETER");
    assertThat(json(answer).getJsonObject("params").getString("parameter")).isEqualTo("returnTo");
    assertThat(browser.cookies()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/auth/login?returnTo=/a&returnTo=/b", "/auth/login?prompt=none"})
  void takesNoOtherParameters(String login) throws Exception {
    assertThat(json(browser.get(login)).getString("code")).isEqualTo("INVALID_PARAMETER");
  }

  @Test
  void twoLoginsOfOneBrowserBothComeBack() throws Exception {
    String one = browser.comeBack("kim", "/auth/login?returnTo=/one");
    String two = browser.comeBack("kim", "/auth/login?returnTo=/two");

    assertThat(browser.get(one).headers().firstValue("Location")).contains("/one");
    assertThat(browser.get(two).headers().firstValue("Location")).contains("/two");
  }

  @Test
  void forgetsLoginsThatWereGivenUp() throws Exception {
    for (int i = 0; i < 20; i++) {
      browser.get("/auth/login");
    }
    assertThat(browser.cookies()).hasSizeLessThanOrEqualTo(4);
    assertThat(browser.logIn("kim").statusCode()).isEqualTo(303);
  }

  // ---- logins that fail

  @Test
  void tellsWhoCancelsInTheirLanguage() throws Exception {
    String back = browser.comeBack("kim", "/auth/login").replaceAll("code=.*", "");

    HttpResponse<String> answer =
        browser.get(
            back + "error=access_denied&error_description=%3Cscript%3E",
            "Accept",
            "text/html,*/*;q=0.8",
            "Accept-Language",
            "ko-KR");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'");
    assertThat(answer.body())
        .contains("로그인이 취소되었습니다.", "href=\"/auth/login\"", "lang=\"ko\"")
        .doesNotContain("script");
    assertThat(browser.cookies()).isEmpty();
  }

  @Test
  void tellsAProgramByAProblem() throws Exception {
    String back = browser.comeBack("kim", "/auth/login").replaceAll("code=.*", "");

    assertFailed(browser.get(back + "error=access_denied"), "CANCELLED");
  }

  @Test
  void opensNothingForAStateThatTheBrowserDoesNotHave() throws Exception {
    String back = browser.comeBack("kim", "/auth/login");
    FakeBrowser victim = new FakeBrowser(gateway);

    assertFailed(victim.get(back), "EXPIRED");
    assertFailed(victim.get("/auth/callback"), "EXPIRED");
    assertFailed(browser.get(back.replaceAll("state=[^&]*", "state=x")), "EXPIRED");
    assertThat(victim.cookies()).isEmpty();
  }

  @Test
  void opensNothingWithTheStateOfAnotherLogin() throws Exception {
    String back = browser.comeBack("kim", "/auth/login");
    FakeBrowser victim = new FakeBrowser(gateway);
    victim.get("/auth/login");
    String mine = victim.cookies().values().iterator().next();
    victim.cookies().clear();
    victim.cookies().put(browser.cookies().keySet().iterator().next(), mine);

    assertFailed(victim.get(back), "EXPIRED");
  }

  @Test
  void opensNothingTwice() throws Exception {
    String back = browser.comeBack("kim", "/auth/login");
    FakeBrowser copy = browser.copy();
    assertThat(browser.get(back).statusCode()).isEqualTo(303);

    assertFailed(browser.get(back), "EXPIRED");
    assertFailed(copy.get(back), "REFUSED");
    assertThat(copy.cookies()).isEmpty();
    assertThat(browser.get("/auth/session").statusCode()).isEqualTo(200);
  }

  @Test
  void opensNothingForAnIdTokenOfAnotherLoginOrClient() throws Exception {
    FakeLogins.mistakeNonce();
    assertFailed(browser.logIn("kim"), "REFUSED");
    FakeLogins.reset();
    FakeLogins.mistakeClient();
    assertFailed(browser.logIn("kim"), "REFUSED");
    assertThat(browser.cookies()).isEmpty();
  }

  @Test
  void opensNothingWithoutACode() throws Exception {
    String back = browser.comeBack("kim", "/auth/login").replaceAll("code=.*", "code=");

    assertFailed(browser.get(back), "REFUSED");
  }

  @Test
  void opensNothingForAnotherIssuer() throws Exception {
    String back = browser.comeBack("kim", "/auth/login");

    assertFailed(browser.get(back + "&iss=https%3A%2F%2Fevil.example"), "REFUSED");
  }

  @Test
  void saysThatTheIdentityProviderIsAway() throws Exception {
    String back = browser.comeBack("kim", "/auth/login");
    FakeLogins.fail();

    HttpResponse<String> answer = browser.get(back, "Accept", "text/html");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body())
        .contains("The identity provider does not answer.")
        .doesNotContain("secret-of-the-inside");
    assertThat(browser.cookies()).isEmpty();
  }

  @Test
  void aLoginOpensASessionOfItsOwn() throws Exception {
    browser.logIn("kim");
    String before = browser.cookies().get(SESSION);
    String proof = browser.csrfToken();

    browser.logIn("kim");

    assertThat(browser.cookies().get(SESSION)).isNotEqualTo(before);
    assertThat(browser.csrfToken()).isNotEqualTo(proof);
  }

  @Test
  void offersEachAddressByOneMethod() throws Exception {
    assertThat(browser.post("/auth/login").headers().firstValue("Allow")).contains("GET");
    assertThat(browser.post("/auth/callback").statusCode()).isEqualTo(405);
    assertThat(browser.post("/auth/session").statusCode()).isEqualTo(405);
    assertThat(browser.get("/auth/logout").headers().firstValue("Allow")).contains("POST");
    assertThat(browser.get("/auth/other").statusCode()).isEqualTo(404);
  }

  @Test
  void anAddressBeginsOnlySoManyLogins() throws Exception {
    int status = 0;
    for (int i = 0; i < 400 && status != 429; i++) {
      status = new FakeBrowser(gateway).get("/auth/login").statusCode();
    }
    assertThat(status).isEqualTo(429);
  }

  private static void assertFailed(HttpResponse<String> answer, String reason) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(json(answer).getString("code")).isEqualTo("LOGIN_FAILED");
    assertThat(json(answer).getJsonObject("params").getString("reason")).isEqualTo(reason);
  }

  private static JsonObject json(HttpResponse<String> answer) {
    return new JsonObject(answer.body());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
