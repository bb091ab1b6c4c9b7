package dev.gpucloud.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.cli.DevStackFile;
import dev.gpucloud.cli.OidcClient;
import dev.gpucloud.cli.PasswordTokens;
import dev.gpucloud.cli.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Onboards many tenants with many people on the running stack and measures how long the import
 * takes and how long until Keycloak has every organisation and membership. People are made in
 * Keycloak first, for a member is known there by its id. What it makes stays: use a stack of its
 * own.
 */
public final class DirectoryLoad {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int USERS_A_CALL = 200;
  private static final int TENANTS_A_CALL = 100;

  private final HttpClient http = HttpClient.newHttpClient();
  private final String run = UUID.randomUUID().toString().substring(0, 6);
  private final JsonNode credentials;
  private final String api;
  private final String keycloak;
  private final PasswordTokens admin;

  private DirectoryLoad(DevStackFile stack) {
    this.credentials = stack.content();
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

  /** Arguments: data folder of the stack, organisations, users. */
  public static void main(String[] args) throws Exception {
    DevStackFile stack = DevStackFile.in(Path.of(args[0])).orElseThrow();
    new DirectoryLoad(stack).measure(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
  }

  private void measure(int organisations, int users) throws IOException, InterruptedException {
    awaitNothingPending("before", 0);
    List<String> subjects = makeUsers(users);
    long begin = System.nanoTime();
    onboard(organisations, subjects);
    double onboarded = seconds(begin);
    awaitNothingPending("in step", organisations + users);
    double inStep = seconds(begin);
    System.out.println("organisations,users,onboardSeconds,inStepSeconds,entriesPerSecond");
    System.out.printf(
        Locale.ROOT,
        "%d,%d,%.1f,%.1f,%.1f%n",
        organisations,
        users,
        onboarded,
        inStep,
        (organisations + users) / inStep);
  }

  private List<String> makeUsers(int count) throws IOException, InterruptedException {
    List<String> subjects = new ArrayList<>();
    while (subjects.size() < count) {
      ObjectNode document = JSON.createObjectNode().put("ifResourceExists", "SKIP");
      ArrayNode users = document.putArray("users");
      for (int i = 0; i < USERS_A_CALL && subjects.size() < count; i++) {
        String name = "load-" + run + "-" + subjects.size();
        String id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
        users.addObject().put("id", id).put("username", name).put("enabled", true);
        subjects.add(id);
      }
      send("POST", keycloak + "/admin/realms/gpucloud/partialImport", keycloakToken(), document);
      bar("users", subjects.size(), count);
    }
    return subjects;
  }

  private void onboard(int count, List<String> subjects) throws IOException, InterruptedException {
    int made = 0;
    while (made < count) {
      ObjectNode document = JSON.createObjectNode();
      ArrayNode tenants = document.putArray("tenants");
      for (int i = 0; i < TENANTS_A_CALL && made < count; i++, made++) {
        tenant(tenants.addObject(), made, count, subjects);
      }
      send("POST", api + "/admin/imports/tenants", admin.accessToken(), document);
      bar("onboarded", made, count);
    }
  }

  /** Its share of the people: every count-th of them, the first as owner. */
  private void tenant(ObjectNode tenant, int number, int count, List<String> subjects) {
    tenant.put("slug", "load-" + run + "-" + number).put("name", "Load " + number);
    tenant
        .put("kind", "EXTERNAL")
        .put("segment", "STARTUP")
        .put("billingMode", "EXTERNAL")
        .put("businessNumber", "000-00-00048");
    ArrayNode members = tenant.putArray("members");
    for (int i = number; i < subjects.size(); i += count) {
      ObjectNode member = members.addObject();
      member.put("subject", subjects.get(i)).put("username", "load-" + run + "-" + i);
      member.putArray("roles").add(i == number ? "OWNER" : "VIEWER");
    }
  }

  private void awaitNothingPending(String step, int total)
      throws IOException, InterruptedException {
    while (true) {
      JsonNode state = send("GET", api + "/admin/directory", admin.accessToken(), null);
      long pending = state.path("pending").asLong() - state.path("refused").asLong();
      bar(step, Math.max(0, total - pending), total);
      if (pending <= 0) {
        return;
      }
      Thread.sleep(200);
    }
  }

  private String keycloakToken() throws IOException, InterruptedException {
    String form =
        "grant_type=password&client_id=admin-cli&username=admin&password="
            + credentials.path("keycloakAdmin").path("password").asText();
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(keycloak + "/realms/master/protocol/openid-connect/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    return answer(request).path("access_token").asText();
  }

  private JsonNode send(String method, String uri, String token, JsonNode body)
      throws IOException, InterruptedException {
    HttpRequest.BodyPublisher payload =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body.toString());
    return answer(
        HttpRequest.newBuilder(URI.create(uri))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .timeout(Duration.ofMinutes(2))
            .method(method, payload)
            .build());
  }

  private JsonNode answer(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(request.uri() + " answered " + answer.statusCode() + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  private static void bar(String step, long done, long total) {
    int cells = total == 0 ? 30 : (int) (done * 30 / total);
    System.err.printf(
        "\r%-10s [%s%s] %d/%d   ", step, "#".repeat(cells), ".".repeat(30 - cells), done, total);
    if (done >= total) {
      System.err.println();
    }
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }
}
