package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.testsupport.TestTokens;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who may do what: every endpoint the service has, as every kind of caller. Requests carry an empty
 * object and no If-Match, so that one that is let through is refused for its content and changes
 * nothing.
 */
@TenantService
class AccessIT {
  private enum Persona {
    OWNER,
    OPERATOR,
    VIEWER,
    BILLING,
    FOREIGN_OWNER,
    STRANGER,
    PLATFORM_ADMIN,
    FINANCE,
    FINANCE_APPROVER,
    AUDITOR,
    SERVICE
  }

  private static final Set<Persona> MEMBERS =
      Set.of(Persona.OWNER, Persona.OPERATOR, Persona.VIEWER, Persona.BILLING);
  private static final Set<Persona> EVERYBODY = Set.of(Persona.values());

  /** Public keys: for everybody. */
  private static final Set<String> OPEN = Set.of("GET /internal/v1/api-keys/jwks");

  private static final Set<Persona> ADMIN = Set.of(Persona.PLATFORM_ADMIN);
  private static final Set<Persona> STAFF =
      Set.of(Persona.PLATFORM_ADMIN, Persona.FINANCE, Persona.FINANCE_APPROVER, Persona.AUDITOR);

  /** One endpoint, who is let through, and what the empty request is answered then. */
  private record Endpoint(String method, String path, Set<Persona> allowed, int answer) {
    /** What the path's scope answers to whom it does not let through. */
    int refusal(Persona persona) {
      boolean atTenant =
          path.matches("/(tenants/\\{tenant}|projects/\\{project}).*") && !allowed.equals(ADMIN);
      return atTenant && !MEMBERS.contains(persona) ? 404 : 403;
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  static List<Endpoint> endpoints() {
    Set<Persona> owner = Set.of(Persona.OWNER);
    Set<Persona> operating = Set.of(Persona.OWNER, Persona.OPERATOR);
    Set<Persona> working = Set.of(Persona.OWNER, Persona.OPERATOR, Persona.VIEWER);
    Set<Persona> auditing = Set.of(Persona.PLATFORM_ADMIN, Persona.AUDITOR);
    return List.of(
        new Endpoint("GET", "/me", EVERYBODY, 200),
        new Endpoint("GET", "/me/ssh-keys", EVERYBODY, 200),
        new Endpoint("POST", "/me/ssh-keys", EVERYBODY, 400),
        new Endpoint("DELETE", "/me/ssh-keys/{key}", EVERYBODY, 404),
        new Endpoint("GET", "/tenant-applications", EVERYBODY, 200),
        new Endpoint("POST", "/tenant-applications", EVERYBODY, 400),
        new Endpoint("GET", "/tenant-applications/{application}", EVERYBODY, 404),
        new Endpoint("POST", "/tenant-applications/{application}/withdraw", EVERYBODY, 404),
        new Endpoint("POST", "/invitations/accept", EVERYBODY, 400),
        new Endpoint("GET", "/tenants/{tenant}/invitations", owner, 200),
        new Endpoint("POST", "/tenants/{tenant}/invitations", owner, 400),
        new Endpoint("DELETE", "/tenants/{tenant}/invitations/{invitation}", owner, 404),
        new Endpoint("GET", "/projects/{project}/invitations", owner, 200),
        new Endpoint("POST", "/projects/{project}/invitations", owner, 400),
        new Endpoint("DELETE", "/projects/{project}/invitations/{invitation}", owner, 404),
        new Endpoint("GET", "/tenants/{tenant}/projects/{projectSlugOrId}/ssh-keys", working, 200),
        new Endpoint(
            "POST", "/tenants/{tenant}/projects/{projectSlugOrId}/ssh-keys", operating, 400),
        new Endpoint(
            "DELETE",
            "/tenants/{tenant}/projects/{projectSlugOrId}/ssh-keys/{key}",
            operating,
            404),
        new Endpoint("GET", "/admin/tenant-applications", auditing, 200),
        new Endpoint("GET", "/admin/tenant-applications/{application}", auditing, 404),
        new Endpoint("POST", "/admin/tenant-applications/{application}/approve", ADMIN, 400),
        new Endpoint("POST", "/admin/tenant-applications/{application}/reject", ADMIN, 400),
        new Endpoint("GET", "/tenants", EVERYBODY, 200),
        new Endpoint("GET", "/tenants/{tenant}", MEMBERS, 200),
        new Endpoint("PATCH", "/tenants/{tenant}", owner, 400),
        new Endpoint("GET", "/tenants/{tenant}/history", MEMBERS, 200),
        new Endpoint("GET", "/tenants/{tenant}/projects", MEMBERS, 200),
        new Endpoint("POST", "/tenants/{tenant}/projects", owner, 400),
        new Endpoint("GET", "/tenants/{tenant}/projects/{projectSlugOrId}", MEMBERS, 200),
        new Endpoint("PATCH", "/tenants/{tenant}/projects/{projectSlugOrId}", owner, 428),
        new Endpoint("GET", "/tenants/{tenant}/members", working, 200),
        new Endpoint("PUT", "/tenants/{tenant}/members/{subject}", owner, 400),
        new Endpoint("DELETE", "/tenants/{tenant}/members/{subject}", owner, 428),
        new Endpoint("GET", "/tenants/{tenant}/api-keys", MEMBERS, 200),
        new Endpoint("POST", "/tenants/{tenant}/api-keys", MEMBERS, 400),
        new Endpoint("GET", "/tenants/{tenant}/api-keys/{key}", MEMBERS, 404),
        new Endpoint("DELETE", "/tenants/{tenant}/api-keys/{key}", MEMBERS, 404),
        new Endpoint("GET", "/tenants/{tenant}/service-accounts", working, 200),
        new Endpoint("POST", "/tenants/{tenant}/service-accounts", owner, 400),
        new Endpoint("GET", "/tenants/{tenant}/service-accounts/{account}", working, 404),
        new Endpoint("PUT", "/tenants/{tenant}/service-accounts/{account}", owner, 404),
        new Endpoint("DELETE", "/tenants/{tenant}/service-accounts/{account}", owner, 404),
        new Endpoint("POST", "/internal/v1/api-keys/exchange", Set.of(Persona.SERVICE), 400),
        new Endpoint("GET", "/tenants/{tenant}/quotas", MEMBERS, 200),
        new Endpoint("GET", "/tenants/{tenant}/quotas/{model}", MEMBERS, 200),
        new Endpoint("PUT", "/tenants/{tenant}/quotas/{model}", ADMIN, 400),
        new Endpoint("GET", "/tenants/{tenant}/projects/{projectSlugOrId}/quotas", MEMBERS, 200),
        new Endpoint(
            "PUT", "/tenants/{tenant}/projects/{projectSlugOrId}/quotas/{model}", owner, 400),
        new Endpoint("GET", "/grant-calls", EVERYBODY, 200),
        new Endpoint("GET", "/grant-calls/{call}", EVERYBODY, 404),
        new Endpoint("POST", "/grant-calls/{call}/applications", EVERYBODY, 400),
        new Endpoint(
            "POST", "/grant-calls/{call}/applications/{application}/reviews", EVERYBODY, 400),
        new Endpoint("GET", "/tenants/{tenant}/grant-applications", MEMBERS, 200),
        new Endpoint("POST", "/tenants/{tenant}/grant-calls/{call}/applications", owner, 400),
        new Endpoint(
            "POST", "/tenants/{tenant}/grant-applications/{application}/withdraw", owner, 404),
        new Endpoint("GET", "/tenants/{tenant}/grant-awards", MEMBERS, 200),
        new Endpoint("POST", "/tenants/{tenant}/grant-awards/{award}/accept", owner, 404),
        new Endpoint("POST", "/tenants/{tenant}/grant-awards/{award}/decline", owner, 404),
        new Endpoint("POST", "/admin/grant-calls", ADMIN, 400),
        new Endpoint("PUT", "/admin/grant-calls/{call}/reviewers/{subject}", ADMIN, 400),
        new Endpoint("GET", "/admin/grant-calls/{call}/applications", auditing, 404),
        new Endpoint("POST", "/admin/grant-calls/{call}/propose", ADMIN, 404),
        new Endpoint("GET", "/admin/grant-calls/{call}/awards", auditing, 404),
        new Endpoint("POST", "/admin/grant-calls/{call}/confirm", ADMIN, 404),
        new Endpoint("PUT", "/admin/grant-awards/{award}", ADMIN, 404),
        new Endpoint("POST", "/admin/grant-applications/{application}/link", ADMIN, 400),
        new Endpoint(
            "POST",
            "/admin/tenants/{tenant}/credits",
            Set.of(Persona.PLATFORM_ADMIN, Persona.FINANCE),
            400),
        new Endpoint("GET", "/tenants/{tenant}/budgets", MEMBERS, 200),
        new Endpoint("PUT", "/tenants/{tenant}/budgets/{model}", ADMIN, 400),
        new Endpoint(
            "PUT", "/tenants/{tenant}/projects/{projectSlugOrId}/budgets/{model}", owner, 400),
        new Endpoint(
            "GET",
            "/admin/tenants/{tenant}/budgets",
            Set.of(Persona.PLATFORM_ADMIN, Persona.FINANCE, Persona.AUDITOR),
            200),
        new Endpoint("GET", "/tenants/{tenant}/quota-requests", MEMBERS, 200),
        new Endpoint("POST", "/tenants/{tenant}/quota-requests", owner, 400),
        new Endpoint("GET", "/tenants/{tenant}/quota-requests/{request}", MEMBERS, 404),
        new Endpoint("POST", "/tenants/{tenant}/quota-requests/{request}/withdraw", owner, 404),
        new Endpoint("GET", "/tenants/{tenant}/child-quota-requests", owner, 200),
        new Endpoint("POST", "/tenants/{tenant}/child-quota-requests/{request}/decide", owner, 404),
        new Endpoint("GET", "/admin/quota-requests", auditing, 200),
        new Endpoint("POST", "/admin/quota-requests/{request}/decide", ADMIN, 404),
        new Endpoint("GET", "/admin/directory", auditing, 200),
        new Endpoint("GET", "/admin/tenants", STAFF, 200),
        new Endpoint("POST", "/admin/tenants", ADMIN, 400),
        new Endpoint("GET", "/admin/tenants/{tenant}", STAFF, 200),
        new Endpoint("PATCH", "/admin/tenants/{tenant}", ADMIN, 428),
        new Endpoint("GET", "/admin/tenants/{tenant}/history", STAFF, 200),
        new Endpoint("POST", "/admin/tenants/{tenant}/suspend", ADMIN, 400),
        new Endpoint("POST", "/admin/tenants/{tenant}/close", ADMIN, 400),
        new Endpoint("POST", "/admin/tenants/{tenant}/resume", ADMIN, 428),
        new Endpoint("GET", "/admin/tenants/{tenant}/quotas", auditing, 200),
        new Endpoint("GET", "/admin/tenants/{tenant}/quotas/{model}", auditing, 200),
        new Endpoint("GET", "/tenants/{tenant}/audit", owner, 200),
        new Endpoint("GET", "/admin/audit", auditing, 200),
        new Endpoint("GET", "/admin/audit/export", auditing, 200),
        new Endpoint("POST", "/admin/audit/verify", auditing, 200),
        new Endpoint("GET", "/admin/audit/checkpoints", auditing, 200),
        new Endpoint("GET", "/admin/audit/public-keys", auditing, 200),
        new Endpoint("POST", "/admin/imports/tenants", ADMIN, 400));
  }

  private static Tenant tenant;
  private static Tenant foreign;

  @BeforeEach
  void twoTenants() {
    if (tenant == null) {
      tenant = openTenant("access");
      foreign = openTenant("access-foreign");
    }
  }

  @Test
  void knowsEveryEndpointThatTheServiceOffers() {
    Map<String, Map<String, Object>> paths =
        given().accept("application/json").get("/q/openapi?format=json").jsonPath().getMap("paths");
    Set<String> offered = new TreeSet<>();
    paths.forEach(
        (path, operations) ->
            operations.keySet().stream()
                .filter(method -> !method.equals("parameters"))
                .forEach(
                    method ->
                        offered.add(
                            method.toUpperCase(Locale.ROOT)
                                + " "
                                + path.replaceFirst("^/api/v1", ""))));
    assertThat(offered.removeAll(OPEN)).isTrue();
    assertThat(offered)
        .isEqualTo(
            endpoints().stream()
                .map(Endpoint::toString)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void letsThroughExactlyWhoMay(Endpoint endpoint) {
    long changes = Database.changes();
    var softly = new SoftAssertions();
    for (Persona persona : Persona.values()) {
      Response answer = send(endpoint, token(persona));
      int expected =
          endpoint.allowed().contains(persona) ? endpoint.answer() : endpoint.refusal(persona);
      softly
          .assertThat(answer.statusCode())
          .describedAs("%s as %s: %s", endpoint, persona, answer.asString())
          .isEqualTo(expected);
    }
    softly.assertAll();
    assertThat(Database.changes()).isEqualTo(changes);
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void letsNobodyInWithoutAValidToken(Endpoint endpoint) {
    String subject = tenant.slug() + "-owner";
    var softly = new SoftAssertions();
    Stream.of(
            "",
            "Bearer",
            "Bearer rubbish",
            "Basic dXNlcjpwYXNzd29yZA==",
            "Bearer " + TestTokens.expired(subject),
            "Bearer " + TestTokens.forged(subject),
            "Bearer " + TestTokens.forAudience(subject, "account"),
            "Bearer " + unsigned(TestTokens.user(subject, subject)))
        .forEach(
            header -> {
              Response answer = send(endpoint, header);
              softly
                  .assertThat(answer.statusCode())
                  .describedAs("%s with '%s': %s", endpoint, header, answer.asString())
                  .isEqualTo(401);
              if (answer.statusCode() == 401) {
                softly.assertThat(answer.jsonPath().getString("code")).isEqualTo("UNAUTHENTICATED");
                softly.assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
              }
            });
    softly.assertAll();
  }

  /** The same claims under the algorithm that needs no key. */
  private static String unsigned(String token) {
    String header =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));
    return header + "." + token.split("\\.")[1] + ".";
  }

  private static String token(Persona persona) {
    String subject =
        switch (persona) {
          case FOREIGN_OWNER -> foreign.slug() + "-owner";
          case OWNER, OPERATOR, VIEWER, BILLING ->
              tenant.slug() + "-" + persona.name().toLowerCase(Locale.ROOT);
          default -> "access-" + persona.name().toLowerCase(Locale.ROOT);
        };
    String[] roles =
        switch (persona) {
          case PLATFORM_ADMIN, FINANCE, FINANCE_APPROVER, AUDITOR, SERVICE ->
              new String[] {persona.name().toLowerCase(Locale.ROOT).replace('_', '-')};
          default -> new String[0];
        };
    return "Bearer " + TestTokens.user(subject, subject, roles);
  }

  private static Response send(Endpoint endpoint, String authorization) {
    String path =
        (endpoint.path().startsWith("/internal") ? "" : "/api/v1")
            + endpoint
                .path()
                .replace("{account}", "sac_00000000-0000-7000-8000-000000000000")
                .replace("{key}", "key_00000000-0000-7000-8000-000000000000")
                .replace("{tenant}", tenant.slug())
                .replace("{projectSlugOrId}", "training")
                .replace("{subject}", tenant.slug() + "-viewer")
                .replace("{request}", "qrq_01a20158-0300-796c-b390-50cdf4b4e19a")
                .replace("{call}", "gcl_01a20158-0300-796c-b390-50cdf4b4e19a")
                .replace("{application}", "gap_01a20158-0300-796c-b390-50cdf4b4e19a")
                .replace("{award}", "gaw_01a20158-0300-796c-b390-50cdf4b4e19a")
                .replace("{project}", tenant.slug() + ".training")
                .replace("{invitation}", "ivt_00000000-0000-7000-8000-000000000001")
                .replace("{model}", "b200-sxm-180g");
    RequestSpecification request = given();
    if (!authorization.isEmpty()) {
      request = request.header("Authorization", authorization);
    }
    if (!endpoint.method().equals("GET") && !endpoint.method().equals("DELETE")) {
      request = request.contentType("application/json").body("{}");
    }
    return request.request(endpoint.method(), path);
  }
}
