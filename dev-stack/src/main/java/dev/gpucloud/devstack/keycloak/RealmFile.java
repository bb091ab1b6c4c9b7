package dev.gpucloud.devstack.keycloak;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.devstack.scenario.Directory;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * The realm {@code gpucloud} as Keycloak imports it: roles, clients and the scenario's users.
 * Organisations are not in it: tenant-service makes them.
 */
public final class RealmFile {
  public static final String REALM = "gpucloud";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String AUDIENCE = "gpucloud-api";
  private static final String SYNCHRONISER = Directory.SYNCHRONISER;
  private static final int ACCESS_TOKEN_SECONDS = 15 * 60;

  private final Directory directory;
  private final int mailPort;

  /**
   * @param mailPort where the stack takes Keycloak's mails
   */
  public RealmFile(Directory directory, int mailPort) {
    this.directory = directory;
    this.mailPort = mailPort;
  }

  /**
   * The realm with its passwords in clear: for an owner-only file that is deleted after the import.
   */
  public String toJson() {
    ObjectNode realm = JSON.createObjectNode();
    realm.put("realm", REALM);
    realm.put("enabled", true);
    realm.put("displayName", "GPU cloud");
    realm.put("sslRequired", "external");
    realm.put("accessTokenLifespan", ACCESS_TOKEN_SECONDS);
    realm.put("ssoSessionIdleTimeout", 8 * 3600);
    realm.put("ssoSessionMaxLifespan", 24 * 3600);
    realm.put("defaultSignatureAlgorithm", "RS256");
    realm.put("bruteForceProtected", true);
    realm.put("organizationsEnabled", true);
    registration(realm);
    languages(realm);
    mails(realm.putObject("smtpServer"));
    roles(realm.putObject("roles").putArray("realm"));
    clients(realm.putArray("clients"));
    users(realm.putArray("users"));
    return realm.toPrettyString();
  }

  /**
   * Whoever wants to apply for a tenant makes a login here. It has no role, and counts for nothing
   * before its e-mail address is verified.
   */
  private static void registration(ObjectNode realm) {
    realm.put("registrationAllowed", true);
    realm.put("registrationEmailAsUsername", true);
    realm.put("verifyEmail", true);
    realm.put("loginWithEmailAllowed", true);
    realm.put("duplicateEmailsAllowed", false);
    realm.put("resetPasswordAllowed", true);
    realm.put("editUsernameAllowed", false);
    realm.put("passwordPolicy", "length(12) and notUsername and notEmail");
    realm
        .putObject("attributes")
        .put("actionTokenGeneratedByUserLifespan.verify-email", "86400")
        .put("actionTokenGeneratedByUserLifespan.reset-credentials", "3600");
  }

  /** Pages and mails: as the person chose, else as the browser asks, else Korean. */
  private static void languages(ObjectNode realm) {
    realm.put("internationalizationEnabled", true);
    realm.putArray("supportedLocales").add("ko").add("en");
    realm.put("defaultLocale", "ko");
    ObjectNode korean = realm.putObject("localizationTexts").putObject("ko");
    Properties mails = koreanMails();
    mails.stringPropertyNames().stream()
        .sorted()
        .forEach(key -> korean.put(key, mails.getProperty(key)));
  }

  private static Properties koreanMails() {
    try (InputStream file = RealmFile.class.getResourceAsStream("/keycloak/mails-ko.properties")) {
      var texts = new Properties();
      texts.load(new InputStreamReader(Objects.requireNonNull(file), StandardCharsets.UTF_8));
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void mails(ObjectNode server) {
    server.put("host", "127.0.0.1");
    server.put("port", Integer.toString(mailPort));
    server.put("from", "noreply@gpucloud.example");
    server.put("fromDisplayName", "GPU cloud");
    server.put("auth", "false");
    server.put("starttls", "false");
    server.put("ssl", "false");
  }

  private static void roles(ArrayNode roles) {
    Map<String, String> described =
        Map.of(
            "platform-admin", "Runs the fleet: sites, hosts, tenants, quotas",
            "finance", "Prepares invoices and keeps the price book",
            "finance-approver", "Approves and issues invoices that somebody else prepared",
            "auditor", "Reads everything and changes nothing",
            "service", "Another service of the control plane");
    described.keySet().stream()
        .sorted()
        .forEach(
            role -> roles.addObject().put("name", role).put("description", described.get(role)));
  }

  private void clients(ArrayNode clients) {
    ObjectNode cli = client(clients, "gpucloud-cli", "gpucloud command line");
    cli.put("publicClient", true);
    cli.put("directAccessGrantsEnabled", true);
    cli.putArray("redirectUris").add("http://127.0.0.1/*");
    cli.putObject("attributes").put("oauth2.device.authorization.grant.enabled", "true");
    console(client(clients, Directory.CONSOLE, "Web console"));
    directory.clientSecrets().keySet().forEach(name -> serviceClient(clients, name));
    serviceClient(clients, SYNCHRONISER);
  }

  /** A token ends soon: one that is held while Keycloak does not answer must not last. */
  private void console(ObjectNode console) {
    secret(console, Directory.CONSOLE);
    console.put("implicitFlowEnabled", false);
    console.putArray("redirectUris").add(directory.gatewayUrl() + "/auth/callback");
    console.putArray("webOrigins");
    console
        .putObject("attributes")
        .put("pkce.code.challenge.method", "S256")
        .put("access.token.lifespan", "300");
  }

  private void secret(ObjectNode client, String name) {
    client.put("publicClient", false);
    client.put("clientAuthenticatorType", "client-secret");
    client.put("secret", directory.clientSecret(name));
  }

  private void serviceClient(ArrayNode clients, String name) {
    ObjectNode client = client(clients, name, name);
    secret(client, name);
    client.put("standardFlowEnabled", false);
    client.put("serviceAccountsEnabled", true);
  }

  private static ObjectNode client(ArrayNode clients, String id, String name) {
    ObjectNode client = clients.addObject();
    client.put("clientId", id);
    client.put("name", name);
    client.put("enabled", true);
    client.put("protocol", "openid-connect");
    client.put("standardFlowEnabled", true);
    client.put("directAccessGrantsEnabled", false);
    ObjectNode mapper = client.putArray("protocolMappers").addObject();
    mapper.put("name", AUDIENCE);
    mapper.put("protocol", "openid-connect");
    mapper.put("protocolMapper", "oidc-audience-mapper");
    ObjectNode config = mapper.putObject("config");
    config.put("included.custom.audience", AUDIENCE);
    config.put("access.token.claim", "true");
    config.put("id.token.claim", "false");
    return client;
  }

  private void users(ArrayNode users) {
    for (Directory.User user : directory.users()) {
      ObjectNode entry = users.addObject();
      entry.put("id", user.subject());
      entry.put("username", user.username());
      entry.put("email", user.username() + "@gpucloud.example");
      entry.put("emailVerified", true);
      entry.put("firstName", user.username());
      entry.put("lastName", user.tenant() == null ? "Platform" : user.tenant());
      entry.put("enabled", true);
      ObjectNode credential = entry.putArray("credentials").addObject();
      credential.put("type", "password");
      credential.put("value", user.password());
      credential.put("temporary", false);
      roles(entry, user.platformRoles());
    }
    for (String service : directory.clientSecrets().keySet()) {
      ObjectNode account = users.addObject();
      account.put("username", "service-account-" + service);
      account.put("enabled", true);
      account.put("serviceAccountClientId", service);
      roles(account, List.of("service"));
    }
    ObjectNode synchroniser = users.addObject();
    synchroniser.put("username", "service-account-" + SYNCHRONISER);
    synchroniser.put("enabled", true);
    synchroniser.put("serviceAccountClientId", SYNCHRONISER);
    synchroniser
        .putObject("clientRoles")
        .putArray("realm-management")
        .add("manage-organizations")
        .add("manage-users");
  }

  private static void roles(ObjectNode user, List<String> names) {
    ArrayNode roles = user.putArray("realmRoles");
    roles.add("default-roles-" + REALM);
    names.forEach(roles::add);
  }
}
