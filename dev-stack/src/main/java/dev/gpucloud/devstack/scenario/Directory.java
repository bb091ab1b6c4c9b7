package dev.gpucloud.devstack.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.devstack.client.Passwords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The people and clients of the scenario: four of the platform, three of each tenant, with ids that
 * depend on the user name alone, so that memberships can be loaded before anybody logs in.
 */
public final class Directory {
  /** The client that keeps organisations in step. */
  public static final String SYNCHRONISER = "gpucloud-directory";

  /** The client with which the gateway logs browsers in. */
  public static final String CONSOLE = "gpucloud-console";

  private static final List<String> SERVICES =
      List.of("tenant-service", "inventory-service", "billing-service", "gateway");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Passwords passwords;
  private final Map<String, String> urls;
  private final Map<String, String> tenants = new LinkedHashMap<>();
  private final List<User> users = new ArrayList<>();

  /** Somebody who can log in; tenant roles are those of the membership that the scenario loads. */
  public record User(
      String username,
      String password,
      String subject,
      @Nullable String tenant,
      List<String> platformRoles,
      List<String> tenantRoles) {}

  public Directory(Scenario scenario, Passwords passwords, Map<String, String> urls) {
    this.passwords = passwords;
    this.urls = new LinkedHashMap<>(urls);
    platformUser("platform-admin", "platform-admin");
    platformUser("finance", "finance");
    platformUser("approver", "finance-approver");
    platformUser("auditor", "auditor");
    for (JsonNode tenant : scenario.section("tenants")) {
      String slug = tenant.required("slug").asText();
      tenants.put(slug, tenant.required("name").asText());
      tenantUser(slug, "owner", List.of("OWNER"));
      tenantUser(slug, "operator", List.of("OPERATOR", "BILLING_VIEWER"));
      tenantUser(slug, "viewer", List.of("VIEWER"));
    }
  }

  public List<User> users() {
    return List.copyOf(users);
  }

  /** Name of each tenant by its slug. */
  public Map<String, String> tenants() {
    return Collections.unmodifiableMap(tenants);
  }

  /** Secret of each service's client. */
  public Map<String, String> clientSecrets() {
    Map<String, String> secrets = new LinkedHashMap<>();
    SERVICES.forEach(service -> secrets.put(service, clientSecret(service)));
    return secrets;
  }

  public String clientSecret(String service) {
    return passwords.of("client:" + service);
  }

  public String gatewayUrl() {
    return url("gateway");
  }

  public String url(String name) {
    String url = urls.get(name);
    if (url == null) {
      throw new IllegalArgumentException("No address of " + name);
    }
    return url;
  }

  /** The user of this name. */
  public User user(String username) {
    return users.stream()
        .filter(user -> user.username().equals(username))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No user " + username));
  }

  /** What {@code credentials.json} holds. */
  public String toJson() {
    ObjectNode json = JSON.createObjectNode();
    ArrayNode people = json.putArray("users");
    for (User user : users) {
      ObjectNode entry = people.addObject();
      entry.put("username", user.username());
      entry.put("password", user.password());
      entry.put("subject", user.subject());
      if (user.tenant() != null) {
        entry.put("tenant", user.tenant());
      }
      ArrayNode roles = entry.putArray("roles");
      user.platformRoles().forEach(roles::add);
      user.tenantRoles().forEach(roles::add);
    }
    ObjectNode addresses = json.putObject("urls");
    urls.forEach(addresses::put);
    ObjectNode clients = json.putObject("clients");
    clientSecrets().forEach(clients::put);
    json.putObject("keycloakAdmin")
        .put("username", "admin")
        .put("password", passwords.of("keycloak-admin"));
    json.putObject("control").put("url", url("control")).put("token", passwords.of("control"));
    return json.toPrettyString();
  }

  private void platformUser(String username, String role) {
    users.add(
        new User(username, password(username), subject(username), null, List.of(role), List.of()));
  }

  private void tenantUser(String slug, String kind, List<String> roles) {
    String username = slug + "-" + kind;
    users.add(new User(username, password(username), subject(username), slug, List.of(), roles));
  }

  private String password(String username) {
    return passwords.of("user:" + username);
  }

  private static String subject(String username) {
    return UUID.nameUUIDFromBytes(("gpucloud-user:" + username).getBytes(StandardCharsets.UTF_8))
        .toString();
  }
}
