package dev.gpucloud.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A page in the browser logs its user in by an authorization code with proof (PKCE, RFC 7636). */
class ConsoleLoginIT {
  private static final String USER = "hanbit-robotics-owner";
  private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");
  private static final String OPENID = Product.stack().url("issuer") + "/protocol/openid-connect/";

  private final String back = Product.stack().gatewayUrl() + "/console";
  private final String verifier = UUID.randomUUID() + "-" + UUID.randomUUID();

  @Test
  void theCodeIsWorthATokenToWhoAskedForItAlone() throws Exception {
    HttpResponse<String> stolen = token(code(), "guessed-" + verifier);
    assertThat(stolen.statusCode()).isEqualTo(400);
    assertThat(stolen.body()).contains("invalid_grant");

    HttpResponse<String> answer = token(code(), verifier);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    String token = json(answer).required("access_token").asText();
    JsonNode me = Product.withToken(token).get("/me").expect(200).json();
    assertThat(me.path("username").asText()).isEqualTo(USER);
    assertThat(me.path("memberships")).isNotEmpty();
  }

  @Test
  void withoutProofThereIsNoCode() throws Exception {
    Browser browser = new Browser("en");

    browser.open(OPENID + "auth?" + asked());

    assertThat(browser.address().toString()).contains("error=invalid_request");
  }

  private String asked() {
    return "client_id=gpucloud-console&response_type=code&scope=openid&state=s&redirect_uri="
        + encoded(back);
  }

  private String code() throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
    String challenge = Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    Browser browser = new Browser("en");
    browser.open(
        OPENID + "auth?" + asked() + "&code_challenge_method=S256&code_challenge=" + challenge);
    browser.send(Map.of("username", USER));
    browser.send(Map.of("password", Product.stack().password(USER)));
    Matcher code = CODE.matcher(browser.address().toString());
    assertThat(code.find()).as(browser.page()).isTrue();
    assertThat(browser.address().toString()).startsWith(back);
    return code.group(1);
  }

  private HttpResponse<String> token(String code, String proof) throws Exception {
    String form =
        "grant_type=authorization_code&client_id=gpucloud-console&redirect_uri=%s&code=%s&code_verifier=%s"
            .formatted(encoded(back), code, proof);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(OPENID + "token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return new ObjectMapper().readTree(answer.body());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
