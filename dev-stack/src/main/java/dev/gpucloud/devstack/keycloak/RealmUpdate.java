package dev.gpucloud.devstack.keycloak;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives a running realm and its clients the settings of its file, and adds what that has and the
 * realm lacks: roles, clients, people, and the roles of the clients' own accounts. All else that is
 * there stays as it is, so it may run twice.
 */
final class RealmUpdate {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final String keycloak;
  private final String admin;
  private final String password;
  private String token = "";

  RealmUpdate(String keycloak, String password) {
    this.keycloak = keycloak;
    this.admin = keycloak + "/admin/realms/" + RealmFile.REALM;
    this.password = password;
  }

  void apply(String file) throws IOException {
    JsonNode realm = JSON.readTree(file);
    logIn();
    call("PUT", "", settings(realm));
    for (Map.Entry<String, JsonNode> texts : realm.path("localizationTexts").properties()) {
      call("POST", "/localization/" + texts.getKey(), texts.getValue());
    }
    call("POST", "/partialImport", addition(realm));
    for (JsonNode client : realm.path("clients")) {
      call("PUT", "/clients/" + clientId(client.required("clientId").asText()), login(client));
    }
    logIn(); // the first token lives a minute, and making people takes its time
    for (JsonNode user : realm.path("users")) {
      if (isAccount(user)) {
        giveRoles(user);
      }
    }
  }

  /** What the realm itself is, without what is in it. */
  static ObjectNode settings(JsonNode realm) {
    ObjectNode settings = realm.deepCopy();
    settings.remove(List.of("roles", "clients", "users", "localizationTexts"));
    return settings;
  }

  /** Accounts of clients are left out: Keycloak makes each with its client. */
  static ObjectNode addition(JsonNode realm) {
    ObjectNode addition = JSON.createObjectNode();
    addition.put("ifResourceExists", "SKIP");
    addition.set("roles", realm.path("roles"));
    addition.set("clients", realm.path("clients"));
    ArrayNode people = addition.putArray("users");
    for (JsonNode user : realm.path("users")) {
      if (!isAccount(user)) {
        people.add(user);
      }
    }
    return addition;
  }

  /** How a client logs in; its mappers have ids of their own there. */
  static ObjectNode login(JsonNode client) {
    ObjectNode login = client.deepCopy();
    login.remove("protocolMappers");
    return login;
  }

  private static boolean isAccount(JsonNode user) {
    return user.has("serviceAccountClientId");
  }

  private void giveRoles(JsonNode user) throws IOException {
    String client = clientId(user.path("serviceAccountClientId").asText());
    JsonNode account =
        call("GET", "/clients/" + client + "/service-account-user", JSON.missingNode());
    String mappings = "/users/" + account.required("id").asText() + "/role-mappings";
    give(mappings + "/realm", "/roles/", user.path("realmRoles"));
    for (Map.Entry<String, JsonNode> roles : user.path("clientRoles").properties()) {
      String owner = clientId(roles.getKey());
      give(mappings + "/clients/" + owner, "/clients/" + owner + "/roles/", roles.getValue());
    }
  }

  private void give(String mappings, String roles, JsonNode names) throws IOException {
    ArrayNode given = JSON.createArrayNode();
    for (JsonNode name : names) {
      given.add(call("GET", roles + name.asText(), JSON.missingNode()));
    }
    if (!given.isEmpty()) {
      call("POST", mappings, given);
    }
  }

  private String clientId(String name) throws IOException {
    JsonNode found = call("GET", "/clients?clientId=" + name, JSON.missingNode());
    return found.required(0).required("id").asText();
  }

  private void logIn() throws IOException {
    String form =
        "grant_type=password&client_id=admin-cli&username=admin&password="
            + URLEncoder.encode(password, StandardCharsets.UTF_8);
    token =
        answer(
                "POST",
                keycloak + "/realms/master/protocol/openid-connect/token",
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                form)
            .required("access_token")
            .asText();
  }

  private JsonNode call(String method, String path, JsonNode body) throws IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put("Authorization", "Bearer " + token);
    headers.put("Content-Type", "application/json");
    return answer(method, admin + path, headers, body.isMissingNode() ? "" : body.toString());
  }

  private static JsonNode answer(
      String method, String url, Map<String, String> headers, String body) throws IOException {
    Http.Answer answer = Http.send(method, url, headers, body, PATIENCE);
    if (answer.status() >= 300) {
      throw new StackProblem(
          StackProblem.COMPONENT_FAILED,
          "Keycloak's realm cannot be brought up to date: %s %s answered %d %s. ./gpucloud reset makes a new one."
              .formatted(method, url, answer.status(), answer.body()));
    }
    return JSON.readTree(answer.body());
  }
}
