package dev.gpucloud.devstack.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.devstack.client.Passwords;
import dev.gpucloud.devstack.scenario.Directory;
import dev.gpucloud.devstack.scenario.Scenario;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RealmFileTest {
  private final Passwords passwords = new Passwords("secret of the test");
  private JsonNode realm;

  @BeforeEach
  void generate() throws Exception {
    Directory directory =
        new Directory(Scenario.load(), passwords, Map.of("gateway", "http://127.0.0.1:8080"));
    realm = new ObjectMapper().readTree(new RealmFile(directory).toJson());
  }

  @Test
  void hasFourPlatformUsersAndThreeOfEachTenant() {
    Map<String, JsonNode> users = byName("users", "username");

    assertThat(users.keySet())
        .contains("platform-admin", "finance", "approver", "auditor")
        .contains("sk-hynix-owner", "sk-hynix-operator", "sk-hynix-viewer", "seoul-public-viewer");
    assertThat(users).hasSize(4 + 7 * 3 + 4 + 1);
    assertThat(roles(users.get("approver")))
        .containsExactly("default-roles-gpucloud", "finance-approver");
    assertThat(roles(users.get("sk-hynix-operator"))).containsExactly("default-roles-gpucloud");
  }

  @Test
  void idsDependOnTheNameAlone() {
    assertThat(byName("users", "username").get("sk-hynix-operator").get("id").asText())
        .isEqualTo("ae6f03d9-c455-395b-8234-815237290242");
  }

  @Test
  void passwordsAreThoseOfTheDataFolder() {
    JsonNode credential = byName("users", "username").get("finance").get("credentials").get(0);

    assertThat(credential.get("value").asText()).isEqualTo(passwords.of("user:finance"));
    assertThat(credential.get("temporary").asBoolean()).isFalse();
  }

  @Test
  void everyClientPutsTheApiIntoTheAudience() {
    for (JsonNode client : realm.get("clients")) {
      JsonNode mapper = client.get("protocolMappers").get(0);
      assertThat(mapper.get("protocolMapper").asText()).isEqualTo("oidc-audience-mapper");
      assertThat(mapper.at("/config/included.custom.audience").asText()).isEqualTo("gpucloud-api");
    }
    assertThat(byName("clients", "clientId").keySet())
        .containsExactlyInAnyOrder(
            "gpucloud-cli",
            "gpucloud-console",
            "tenant-service",
            "inventory-service",
            "billing-service",
            "gateway",
            "gpucloud-directory");
  }

  @Test
  void theConsoleLogsInByCodeWithProofAndTheCommandLineByDevice() {
    JsonNode console = byName("clients", "clientId").get("gpucloud-console");
    JsonNode cli = byName("clients", "clientId").get("gpucloud-cli");

    assertThat(console.get("publicClient").asBoolean()).isTrue();
    assertThat(console.get("standardFlowEnabled").asBoolean()).isTrue();
    assertThat(console.get("implicitFlowEnabled").asBoolean()).isFalse();
    assertThat(console.get("directAccessGrantsEnabled").asBoolean()).isFalse();
    assertThat(console.get("attributes").get("pkce.code.challenge.method").asText())
        .isEqualTo("S256");
    assertThat(cli.get("publicClient").asBoolean()).isTrue();
    assertThat(cli.get("attributes").get("oauth2.device.authorization.grant.enabled").asText())
        .isEqualTo("true");
  }

  @Test
  void theSynchroniserMayManageOrganisationsAndSeeUsersAndNothingElse() {
    JsonNode account = byName("users", "username").get("service-account-gpucloud-directory");

    assertThat(account.get("clientRoles").get("realm-management"))
        .extracting(JsonNode::asText)
        .containsExactly("manage-organizations", "manage-users");
    assertThat(account.has("realmRoles")).isFalse();
  }

  @Test
  void servicesLogInWithASecretAndHaveTheServiceRole() {
    JsonNode client = byName("clients", "clientId").get("billing-service");
    JsonNode account = byName("users", "username").get("service-account-billing-service");

    assertThat(client.get("publicClient").asBoolean()).isFalse();
    assertThat(client.get("secret").asText()).isEqualTo(passwords.of("client:billing-service"));
    assertThat(roles(account)).contains("service");
  }

  @Test
  void organisationsAreLeftToTheirSynchroniser() {
    assertThat(realm.get("organizationsEnabled").asBoolean()).isTrue();
    assertThat(realm.has("organizations")).isFalse();
  }

  @Test
  void tokensLiveFifteenMinutesAndAreSignedWithRsa() {
    assertThat(realm.get("accessTokenLifespan").asInt()).isEqualTo(900);
    assertThat(realm.get("defaultSignatureAlgorithm").asText()).isEqualTo("RS256");
  }

  private Map<String, JsonNode> byName(String list, String name) {
    Map<String, JsonNode> found = new HashMap<>();
    realm.get(list).forEach(entry -> found.put(entry.get(name).asText(), entry));
    return found;
  }

  private static List<String> roles(JsonNode user) {
    List<String> roles = new ArrayList<>();
    user.get("realmRoles").forEach(role -> roles.add(role.asText()));
    return roles;
  }
}
