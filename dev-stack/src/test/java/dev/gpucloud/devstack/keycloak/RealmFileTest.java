package dev.gpucloud.devstack.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gpucloud.devstack.client.Passwords;
import dev.gpucloud.devstack.scenario.Directory;
import dev.gpucloud.devstack.scenario.Scenario;
import java.nio.file.Path;
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
    realm = new ObjectMapper().readTree(new RealmFile(directory, 8087).toJson());
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

    assertThat(console.get("publicClient").asBoolean()).isFalse();
    assertThat(console.get("secret").asText()).isEqualTo(passwords.of("client:gpucloud-console"));
    assertThat(console.get("redirectUris"))
        .extracting(JsonNode::asText)
        .containsExactly("http://127.0.0.1:8080/auth/callback");
    assertThat(console.get("webOrigins")).isEmpty();
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
  void anybodyMayMakeALoginThatHasNoRoleAndAVerifiedAddress() {
    assertThat(realm.get("registrationAllowed").asBoolean()).isTrue();
    assertThat(realm.get("verifyEmail").asBoolean()).isTrue();
    assertThat(realm.get("duplicateEmailsAllowed").asBoolean()).isFalse();
    assertThat(realm.has("defaultRole")).isFalse();
    assertThat(realm.has("defaultRoles")).isFalse();
    assertThat(realm.at("/smtpServer/port").asText()).isEqualTo("8087");
  }

  @Test
  void pagesAndMailsAreKoreanAndEnglish() {
    assertThat(realm.get("internationalizationEnabled").asBoolean()).isTrue();
    assertThat(realm.get("supportedLocales"))
        .extracting(JsonNode::asText)
        .containsExactly("ko", "en");
    assertThat(realm.get("defaultLocale").asText()).isEqualTo("ko");
    assertThat(realm.at("/localizationTexts/ko/emailVerificationSubject").asText())
        .isEqualTo("이메일 주소 확인");
    assertThat(realm.at("/localizationTexts/ko/emailVerificationBody").asText())
        .contains("\n\n{0}\n\n");
  }

  @Test
  void anEarlierRealmGetsTheSettingsWithoutItsPeople() {
    assertThat(RealmUpdate.settings(realm).has("registrationAllowed")).isTrue();
    assertThat(RealmUpdate.settings(realm).has("users")).isFalse();
    assertThat(RealmUpdate.settings(realm).has("clients")).isFalse();
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

  /** What differs between a machine and a cluster is listed; all else must be the same. */
  @Test
  void onKubernetesTheRealmIsTheSame() throws Exception {
    JsonNode there =
        new YAMLMapper()
            .readTree(
                Path.of(System.getProperty("gpucloud.root"), "k8s/keycloak/realm.yaml").toFile())
            .at("/spec/realm");

    ObjectNode here = realm.deepCopy();
    ObjectNode other = there.deepCopy();
    List<String> ofEach = List.of("smtpServer", "clients", "users");
    other.remove(ofEach);
    here.remove(ofEach);
    assertThat(other).isEqualTo(here);
    assertThat(comparable(there.get("clients"))).isEqualTo(comparable(realm.get("clients")));
    assertThat(there.get("clients").get(0).get("directAccessGrantsEnabled").asBoolean()).isFalse();
    assertThat(there.get("users"))
        .allMatch(user -> user.has("serviceAccountClientId"))
        .hasSize(5)
        .allMatch(user -> byName("users", "username").containsValue(user));
    assertThat(there.at("/smtpServer/starttls").asText()).isEqualTo("true");
  }

  private static List<JsonNode> comparable(JsonNode clients) {
    List<JsonNode> comparable = new ArrayList<>();
    for (JsonNode client : clients) {
      ObjectNode rest = client.deepCopy();
      rest.remove(List.of("secret", "redirectUris", "webOrigins", "directAccessGrantsEnabled"));
      comparable.add(rest);
    }
    return comparable;
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
