package dev.gpucloud.devstack.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.devstack.layout.Http;
import dev.gpucloud.devstack.layout.StackProblem;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Loads the scenario as an administrator would: through the gateway's public API with a token of
 * Keycloak. Every import may be repeated. Returns when the services have heard of each other's
 * part.
 */
public final class ScenarioLoader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CALL_PATIENCE = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Scenario scenario;
  private final Directory directory;

  public ScenarioLoader(Scenario scenario, Directory directory) {
    this.scenario = scenario;
    this.directory = directory;
  }

  public void load() throws IOException, InterruptedException {
    String admin = token("platform-admin");
    post(admin, "/api/v1/admin/imports/tenants", tenants());
    post(
        admin,
        "/api/v1/admin/imports/fleet",
        sections("gpuModels", "sites", "deliveries", "instanceTypes", "hostShape", "csapOrder"));
    post(
        token("finance"),
        "/api/v1/finance/imports/prices",
        sections("currency", "operator", "priceBook", "instanceTypes", "gpuModels", "sites"));
    awaitTenants();
  }

  /** The tenants with the memberships of their users. */
  ObjectNode tenants() {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode tenants = body.putArray("tenants");
    for (JsonNode section : scenario.section("tenants")) {
      ObjectNode tenant = section.deepCopy();
      ArrayNode members = tenant.putArray("members");
      String slug = tenant.required("slug").asText();
      directory.users().stream()
          .filter(user -> slug.equals(user.tenant()))
          .forEach(user -> addMember(members, user));
      tenants.add(tenant);
    }
    return body;
  }

  private static void addMember(ArrayNode members, Directory.User user) {
    ObjectNode member = members.addObject();
    member.put("subject", user.subject()).put("username", user.username());
    ArrayNode roles = member.putArray("roles");
    user.tenantRoles().forEach(roles::add);
  }

  private ObjectNode sections(String... names) {
    ObjectNode body = JSON.createObjectNode();
    for (String name : names) {
      body.set(name, scenario.section(name));
    }
    return body;
  }

  /**
   * An import may name what another service has not heard of yet, so a refusal is tried again for a
   * while.
   */
  private void post(String token, String path, ObjectNode body)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Http.Answer answer =
          Http.send(
              "POST",
              directory.gatewayUrl() + path,
              Map.of(
                  "Authorization",
                  "Bearer " + token,
                  "Content-Type",
                  "application/json",
                  "Idempotency-Key",
                  UUID.randomUUID().toString()),
              body.toString(),
              CALL_PATIENCE);
      if (answer.status() < 300) {
        return;
      }
      boolean hopeless = List.of(400, 401, 403, 404, 405, 413, 415).contains(answer.status());
      if (hopeless || System.nanoTime() > deadline) {
        throw new StackProblem(
            StackProblem.SCENARIO_REFUSED,
            "Loading the scenario failed: POST "
                + path
                + " answered "
                + answer.status()
                + ":\n"
                + answer.body().indent(2));
      }
      Thread.sleep(500);
    }
  }

  /**
   * Waits until inventory and billing know the tenants, so that a user's first request is not
   * refused.
   */
  private void awaitTenants() throws IOException, InterruptedException {
    JsonNode tenant = null;
    for (JsonNode candidate : scenario.section("tenants")) {
      if (candidate.hasNonNull("projects")) {
        tenant = candidate;
      }
    }
    if (tenant == null) {
      return;
    }
    String slug = tenant.required("slug").asText();
    String token = token(slug + "-operator");
    String project = slug + "." + tenant.required("projects").get(0).asText();
    awaitOk(token, "/api/v1/projects/" + project + "/instances");
    awaitOk(token, "/api/v1/tenants/" + slug + "/invoices");
    awaitOk(token, "/api/v1/instance-types");
  }

  private void awaitOk(String token, String path) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Http.Answer answer =
          Http.send(
              "GET",
              directory.gatewayUrl() + path,
              Map.of("Authorization", "Bearer " + token),
              "",
              CALL_PATIENCE);
      if (answer.status() == 200) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new StackProblem(
            StackProblem.SCENARIO_REFUSED,
            "The scenario is loaded, but GET "
                + path
                + " answers "
                + answer.status()
                + ":\n"
                + answer.body().indent(2));
      }
      Thread.sleep(200);
    }
  }

  private String token(String username) throws IOException {
    String form =
        "grant_type=password&client_id=gpucloud-cli&username="
            + URLEncoder.encode(username, StandardCharsets.UTF_8)
            + "&password="
            + URLEncoder.encode(directory.user(username).password(), StandardCharsets.UTF_8);
    Http.Answer answer =
        Http.send(
            "POST",
            directory.url("issuer") + "/protocol/openid-connect/token",
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            form,
            CALL_PATIENCE);
    if (answer.status() != 200) {
      throw new StackProblem(
          StackProblem.SCENARIO_REFUSED,
          "Keycloak gives " + username + " no token: " + answer.status() + " " + answer.body());
    }
    return JSON.readTree(answer.body()).required("access_token").asText();
  }
}
