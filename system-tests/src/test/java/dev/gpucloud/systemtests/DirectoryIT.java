package dev.gpucloud.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Organisations and members in the real Keycloak, while it is up and while it is not. */
class DirectoryIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Test
  void tenantsOfTheScenarioAreOrganisations() throws Exception {
    JsonNode hynix = awaitOrganisation("sk-hynix");

    assertThat(hynix.path("enabled").asBoolean()).isTrue();
    assertThat(hynix.path("description").asText()).isEqualTo("SK hynix");
    awaitMember(hynix, Product.stack().subject("sk-hynix-owner"), true);
  }

  @Test
  void convergesAfterKeycloakWasDownAmidOnboarding() throws Exception {
    Http admin = Product.as("platform-admin");
    String owner = Product.stack().subject("sk-hynix-owner");
    List<String> slugs = new ArrayList<>();

    Product.stack().control("POST", "/components/keycloak/stop", "");
    try {
      for (int i = 0; i < 5; i++) {
        String slug = "dir-" + UUID.randomUUID().toString().substring(0, 8).replace('-', 'x');
        Instant asked = Instant.now();
        admin.post("/admin/tenants", tenant(slug, owner)).expect(201);
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(10));
        slugs.add(slug);
      }
      JsonNode behind = admin.get("/admin/directory").expect(200).json();
      assertThat(behind.path("pending").asLong()).isGreaterThanOrEqualTo(10);
      blamesNobodyWhoseTokenCannotBeVerified(admin);
    } finally {
      Product.stack().control("POST", "/components/keycloak/start", "");
    }

    for (String slug : slugs) {
      awaitMember(awaitOrganisation(slug), owner, true);
    }
  }

  /** A restarted service has no keys to verify with: that is not the caller's fault. */
  private static void blamesNobodyWhoseTokenCannotBeVerified(Http admin) {
    Product.stack().control("POST", "/components/tenant-service/kill", "");
    Product.eventually(
        () -> {
          Http.Answer answer = admin.get("/me");
          assertThat(answer.status()).describedAs(answer.raw().body()).isNotEqualTo(401);
          return answer.json();
        },
        "/detail",
        "The identity provider does not answer, so the access token cannot be verified now.");
  }

  @Test
  void takesOutWhoIsNoMemberAnyMore() throws Exception {
    Http admin = Product.as("platform-admin");
    String slug = "dir-" + UUID.randomUUID().toString().substring(0, 8).replace('-', 'x');
    admin
        .post("/admin/tenants", tenant(slug, Product.stack().subject("sk-hynix-owner")))
        .expect(201);
    JsonNode organisation = awaitOrganisation(slug);
    String viewer = Product.stack().subject("sk-hynix-viewer");
    Http owner = Product.as("sk-hynix-owner");
    String member = "/tenants/" + slug + "/members/" + viewer;

    String invitation = "{\"email\":\"sk-hynix-viewer@gpucloud.example\",\"roles\":[\"VIEWER\"]}";
    Instant deadline = Instant.now().plus(PATIENCE);
    Http.Answer invited = owner.post("/tenants/" + slug + "/invitations", invitation);
    while (invited.status() == 404 && Instant.now().isBefore(deadline)) {
      invited = owner.post("/tenants/" + slug + "/invitations", invitation);
    }
    String token = invited.expect(201).json().path("token").asText();
    Product.as("sk-hynix-viewer")
        .post("/invitations/accept", "{\"token\":\"" + token + "\"}")
        .expect(200);
    awaitMember(organisation, viewer, true);
    owner.delete(member, "\"1\"").expect(204);
    awaitMember(organisation, viewer, false);
  }

  @Test
  void opensNoTenantWithAMemberWhomKeycloakDoesNotKnow() {
    String slug = "dir-" + UUID.randomUUID().toString().substring(0, 8).replace('-', 'x');

    JsonNode refused =
        Product.as("platform-admin")
            .post("/admin/tenants", tenant(slug, "nobody"))
            .expect(400)
            .json();

    assertThat(refused.path("errors").path(0).path("pointer").asText())
        .isEqualTo("/members/0/subject");
    assertThat(refused.path("errors").path(0).path("detail").asText())
        .contains("gpucloud tenants invite " + slug);
  }

  private static String tenant(String slug, String owner) {
    return """
        {"slug": "%1$s", "name": "Tenant %1$s", "kind": "EXTERNAL", "segment": "STARTUP",
         "billingMode": "EXTERNAL", "businessNumber": "000-00-00048", "sharesAccountWith": "hanbit-robotics",
         "members": [{"subject": "%2$s", "username": "o", "roles": ["OWNER"]}]}"""
        .formatted(slug, owner);
  }

  private static JsonNode awaitOrganisation(String slug) throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (true) {
      for (JsonNode found : keycloak("/organizations?briefRepresentation=false&search=" + slug)) {
        if (found.path("alias").asText().equals(slug)) {
          return found;
        }
      }
      if (Instant.now().isAfter(deadline)) {
        throw new AssertionError("no organisation " + slug + ": " + state());
      }
    }
  }

  private static void awaitMember(JsonNode organisation, String subject, boolean wanted)
      throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    String path = "/organizations/" + organisation.path("id").asText() + "/members?max=100";
    while (true) {
      boolean there = false;
      for (JsonNode member : keycloak(path)) {
        there |= member.path("id").asText().equals(subject);
      }
      if (there == wanted) {
        return;
      }
      if (Instant.now().isAfter(deadline)) {
        throw new AssertionError(
            "%s %s a member of %s: %s"
                .formatted(subject, wanted ? "is not" : "is", organisation, state()));
      }
    }
  }

  private static JsonNode state() {
    return Product.as("platform-admin").get("/admin/directory").json();
  }

  /** Empty while Keycloak is not up. */
  private static JsonNode keycloak(String path) throws InterruptedException {
    try {
      HttpResponse<String> answer =
          CLIENT.send(
              HttpRequest.newBuilder(
                      URI.create(Product.stack().url("keycloak") + "/admin/realms/gpucloud" + path))
                  .header(
                      "Authorization",
                      "Bearer " + Product.stack().serviceToken("gpucloud-directory"))
                  .timeout(Duration.ofSeconds(20))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? JSON.readTree(answer.body()) : JSON.createArrayNode();
    } catch (IOException | UncheckedIOException | IllegalStateException away) {
      return JSON.createArrayNode();
    }
  }
}
