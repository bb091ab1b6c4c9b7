package dev.gpucloud.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.cli.DevStackFile;
import dev.gpucloud.cli.OidcClient;
import dev.gpucloud.cli.PasswordTokens;
import dev.gpucloud.cli.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The running stack as a benchmark of tenants speaks to it: its API, and Keycloak beside it. */
final class StackApi {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final int USERS_A_CALL = 200;
  private static final Duration TOKEN_USE = Duration.ofSeconds(20);

  private final HttpClient http = HttpClient.newHttpClient();
  private final DevStackFile stack;
  private final String api;
  private final String keycloak;
  private final PasswordTokens admin;
  private String keycloakToken = "";
  private long keycloakTokenMade = System.nanoTime() - TOKEN_USE.toNanos() - 1;

  StackApi(Path home) {
    this.stack = DevStackFile.in(home).orElseThrow();
    this.api = stack.url("gateway").orElseThrow() + "/api/v1";
    this.keycloak = stack.url("keycloak").orElseThrow();
    OidcClient oidc =
        new OidcClient(http, URI.create(stack.url("issuer").orElseThrow()), InstantSource.system());
    this.admin =
        new PasswordTokens(
            oidc,
            "platform-admin",
            stack.passwordOf("platform-admin").orElseThrow(),
            InstantSource.system(),
            RetryPolicy.lasting(Duration.ofSeconds(30)));
  }

  /** A request as platform admin; {@code path} is below {@code /api/v1}. */
  JsonNode asAdmin(String method, String path, JsonNode body)
      throws IOException, InterruptedException {
    return send(method, api + path, admin.accessToken(), body);
  }

  /** A request to the realm's admin API; {@code path} is below the realm. */
  JsonNode atKeycloak(String method, String path, JsonNode body)
      throws IOException, InterruptedException {
    return send(method, keycloak + "/admin/realms/gpucloud" + path, keycloakToken(), body);
  }

  /** Makes people in Keycloak and answers their subjects. */
  List<String> makeUsers(String prefix, int count) throws IOException, InterruptedException {
    List<String> subjects = new ArrayList<>();
    while (subjects.size() < count) {
      var document = JSON.createObjectNode().put("ifResourceExists", "SKIP");
      var users = document.putArray("users");
      for (int i = 0; i < USERS_A_CALL && subjects.size() < count; i++) {
        String name = prefix + subjects.size();
        String id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
        users.addObject().put("id", id).put("username", name).put("enabled", true);
        subjects.add(id);
      }
      atKeycloak("POST", "/partialImport", document);
      bar("users", subjects.size(), count);
    }
    return subjects;
  }

  /** Waits until Keycloak has everything that it can have; {@code total} is for the bar. */
  void awaitDirectory(String step, int total) throws IOException, InterruptedException {
    while (true) {
      JsonNode state = asAdmin("GET", "/admin/directory", null);
      long pending = state.path("pending").asLong() - state.path("refused").asLong();
      bar(step, Math.max(0, total - pending), total);
      if (pending <= 0) {
        return;
      }
      Thread.sleep(200);
    }
  }

  /** A login hashes a password: one is used for a while, or it would be what is measured. */
  private String keycloakToken() throws IOException, InterruptedException {
    if (System.nanoTime() - keycloakTokenMade > TOKEN_USE.toNanos()) {
      keycloakToken = newKeycloakToken();
      keycloakTokenMade = System.nanoTime();
    }
    return keycloakToken;
  }

  private String newKeycloakToken() throws IOException, InterruptedException {
    String form =
        "grant_type=password&client_id=admin-cli&username=admin&password="
            + stack.content().path("keycloakAdmin").path("password").asText();
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(keycloak + "/realms/master/protocol/openid-connect/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build();
    return JSON.readTree(text(request)).path("access_token").asText();
  }

  private JsonNode send(String method, String uri, String token, JsonNode body)
      throws IOException, InterruptedException {
    HttpRequest.BodyPublisher payload =
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString());
    return JSON.readTree(
        text(
            HttpRequest.newBuilder(URI.create(uri))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .timeout(Duration.ofMinutes(2))
                .method(method, payload)
                .build()));
  }

  private String text(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(request.uri() + " answered " + answer.statusCode() + answer.body());
    }
    return answer.body();
  }

  /** Shows how far a step is, on standard error. */
  static void bar(String step, long done, long total) {
    int cells = total == 0 ? 30 : (int) (done * 30 / total);
    System.err.printf(
        "\r%-10s [%s%s] %d/%d   ", step, "#".repeat(cells), ".".repeat(30 - cells), done, total);
    if (done >= total) {
      System.err.println();
    }
  }
}
