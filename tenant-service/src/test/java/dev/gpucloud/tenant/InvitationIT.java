package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.answered;
import static dev.gpucloud.tenant.fixture.Api.as;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.withEmail;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.testsupport.TestDatabase;
import io.restassured.response.Response;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@TenantService
class InvitationIT {
  @Test
  void givesTheInvitedPersonTheRoles() {
    Tenant tenant = openTenant("invited");
    String person = tenant.slug() + "-lee";
    String project = project(tenant);

    Response invited =
        invite(
            tenant,
            """
            {'email': ' Lee@Example.com ', 'roles': ['VIEWER'],
             'projectRoles': {'%s': ['OPERATOR']}}
            """
                .formatted(project));

    assertThat(invited.statusCode()).describedAs(invited.asString()).isEqualTo(201);
    String token = invited.jsonPath().getString("token");
    assertThat(token).startsWith("gci_").hasSize(47);
    assertThat(invited.jsonPath().getString("email")).isEqualTo("lee@example.com");
    assertThat(
            TestDatabase.value(
                "select count(*) from invitation i where i::text like '%" + token + "%'"))
        .isEqualTo("0");
    assertThat(
            TestDatabase.value(
                "select count(*) from idempotency i where i.body like '%" + token + "%'"))
        .isEqualTo("0");

    Response accepted = accept(person, "lee@example.com", token);

    assertThat(accepted.statusCode()).describedAs(accepted.asString()).isEqualTo(200);
    assertThat(accepted.jsonPath().getString("tenantSlug")).isEqualTo(tenant.slug());
    assertThat(accepted.jsonPath().getList("member.roles")).containsExactly("VIEWER");
    answered(200, as(person).get("/tenants/" + tenant.slug()));
    refused(accept(person, "lee@example.com", token), 409, "STATE_CONFLICT");
    Response list = tenant.as("owner").get(path(tenant));
    assertThat(list.jsonPath().getList("items.state")).containsExactly("ACCEPTED");
    assertThat(list.jsonPath().getList("items.acceptedBy")).containsExactly(person);
    assertThat(list.jsonPath().getList("items.token")).containsOnlyNulls();
  }

  @Test
  void addsToTheRolesThatAMemberHas() {
    Tenant tenant = openTenant("more");
    String token = token(invite(tenant, "{'email': 'v@example.com', 'roles': ['BILLING_VIEWER']}"));
    Response accepted = accept(tenant.slug() + "-viewer", "v@example.com", token);
    assertThat(accepted.jsonPath().getList("member.roles"))
        .containsExactly("VIEWER", "BILLING_VIEWER");
  }

  @Test
  void thePlatformInvitesTheFirstOwner() {
    Tenant tenant = openTenant("first");
    String path = "/admin/tenants/" + tenant.slug() + "/invitations";
    String body = "{'email': 'kim@first.example', 'roles': ['OWNER']}";
    String person = tenant.slug() + "-kim";

    Response invited = json(withKey(as("admin", "platform-admin")), body).post(path);

    assertThat(invited.statusCode()).describedAs(invited.asString()).isEqualTo(201);
    String token = token(invited);
    assertThat(accept(person, "kim@first.example", token).statusCode()).isEqualTo(200);
    assertThat(as(person).get("/tenants/" + tenant.slug() + "/members").statusCode())
        .isEqualTo(200);
    Response second = json(withKey(as("admin", "platform-admin")), body).post(path);
    String id = second.jsonPath().getString("id");
    answered(204, as("admin", "platform-admin").delete(path + "/" + id));
    refused(accept("late", "kim@first.example", token(second)), 409, "STATE_CONFLICT");
    assertThat(as("admin", "platform-admin").get(path).jsonPath().<String>getList("items.state"))
        .containsExactly("ACCEPTED", "REVOKED");
    refused(
        json(withKey(as("admin", "platform-admin")), body)
            .post("/admin/tenants/nowhere/invitations"),
        404,
        "NOT_FOUND");
    refused(json(withKey(tenant.as("owner")), body).post(path), 403, "FORBIDDEN");
  }

  @Test
  void isAcceptedOnceByOneOfManyAtOnce() {
    Tenant tenant = openTenant("rush");
    String token = token(invite(tenant, "{'email': 'a@example.com', 'roles': ['VIEWER']}"));

    List<Integer> statuses =
        IntStream.range(0, 5)
            .mapToObj(
                n ->
                    CompletableFuture.supplyAsync(
                        () ->
                            accept(tenant.slug() + "-rush" + n, "a@example.com", token)
                                .statusCode()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .sorted()
            .toList();

    assertThat(statuses).containsExactly(200, 409, 409, 409, 409);
    assertThat(
            Database.number(
                "select count(*) from member where subject like '%s-rush%%'"
                    .formatted(tenant.slug())))
        .isEqualTo(1);
  }

  @Test
  void needsTheVerifiedAddressThatWasInvited() {
    Tenant tenant = openTenant("address");
    String token = token(invite(tenant, "{'email': 'a@example.com', 'roles': ['VIEWER']}"));
    refused(accept("thief", "thief@example.com", token), 403, "FORBIDDEN");
    refused(
        json(withEmail("a", "a@example.com", false), "{'token': '%s'}".formatted(token))
            .post("/invitations/accept"),
        403,
        "FORBIDDEN");
    refused(
        json(as("a"), "{'token': '%s'}".formatted(token)).post("/invitations/accept"),
        403,
        "FORBIDDEN");
    refused(accept("a", "a@example.com", "gci_" + "A".repeat(43)), 404, "NOT_FOUND");
    refused(accept("a", "a@example.com", "nonsense"), 400, "VALIDATION_FAILED");
    assertThat(accept("a-" + tenant.slug(), "A@Example.com", token).statusCode()).isEqualTo(200);
  }

  @Test
  void isOverWhenItIsRevokedOrTooOld() {
    Tenant tenant = openTenant("over");
    Response first = invite(tenant, "{'email': 'a@example.com', 'roles': ['VIEWER']}");
    String id = first.jsonPath().getString("id");
    assertThat(tenant.as("owner").delete(path(tenant) + "/" + id).statusCode()).isEqualTo(204);
    assertThat(tenant.as("owner").delete(path(tenant) + "/" + id).statusCode()).isEqualTo(204);
    Response revoked = refused(accept("a", "a@example.com", token(first)), 409, "STATE_CONFLICT");
    assertThat(revoked.jsonPath().getString("params.state")).isEqualTo("REVOKED");

    Response second = invite(tenant, "{'email': 'b@example.com', 'roles': ['VIEWER']}");
    TestDatabase.update(
        "update invitation set expires_at = now() - interval '1 second' where invitation_id = '%s'"
            .formatted(second.jsonPath().getString("id").substring(4)));
    Response expired = refused(accept("b", "b@example.com", token(second)), 409, "STATE_CONFLICT");
    assertThat(expired.jsonPath().getString("params.state")).isEqualTo("EXPIRED");
    assertThat(tenant.as("owner").get(path(tenant)).jsonPath().getList("items.state"))
        .containsExactly("REVOKED", "EXPIRED");

    Response third = invite(tenant, "{'email': 'c@example.com', 'roles': ['VIEWER']}");
    accept("c-" + tenant.slug(), "c@example.com", token(third));
    refused(
        tenant.as("owner").delete(path(tenant) + "/" + third.jsonPath().getString("id")),
        409,
        "STATE_CONFLICT");
    Tenant other = openTenant("over-other");
    refused(
        other.as("owner").delete(path(other) + "/" + third.jsonPath().getString("id")),
        404,
        "NOT_FOUND");
  }

  @Test
  void letsAnOwnerOfAProjectInviteToItAndNotAboveIt() {
    Tenant tenant = openTenant("powner");
    String project = project(tenant);
    String owner = tenant.slug() + "-powner";
    tenant.join(owner, "'projectRoles': {'%s': ['OWNER']}".formatted(project));
    String path = "/projects/" + tenant.slug() + ".training/invitations";
    answered(200, as(owner).get(path));

    Response invited =
        json(withKey(as(owner)), "{'email': 'a@example.com', 'roles': ['OWNER']}").post(path);
    assertThat(invited.statusCode()).describedAs(invited.asString()).isEqualTo(201);
    assertThat(invited.jsonPath().getList("roles")).isEmpty();
    assertThat(invited.jsonPath().getList("projectRoles.'" + project + "'"))
        .containsExactly("OWNER");
    refused(
        json(
                withKey(as(owner)),
                "{'email': 'b@example.com', 'projectRoles': {'%s': ['VIEWER']}}".formatted(project))
            .post(path),
        400,
        "UNKNOWN_FIELD");
    Response above =
        refused(
            json(withKey(as(owner)), "{'email': 'b@example.com', 'roles': ['VIEWER']}")
                .post("/tenants/" + tenant.slug() + "/invitations"),
            403,
            "FORBIDDEN");
    assertThat(above.jsonPath().getString("detail")).contains("OWNER");
    refused(
        json(withKey(tenant.as("operator")), "{'email': 'b@example.com', 'roles': ['VIEWER']}")
            .post(path),
        403,
        "FORBIDDEN");
    assertThat(as(owner).get(path).jsonPath().getList("items.email"))
        .containsExactly("a@example.com");
    Response guest =
        json(withKey(tenant.as("owner")), "{'email': 'g@example.com', 'roles': ['VIEWER']}")
            .post(path);
    Response joined = accept(tenant.slug() + "-guest", "g@example.com", token(guest));
    assertThat(joined.jsonPath().getList("member.roles")).isEmpty();
    assertThat(joined.jsonPath().getList("member.projectRoles.'" + project + "'"))
        .containsExactly("VIEWER");

    json(tenant.as("owner").header("If-Match", "\"1\""), "{'username': 'p', 'roles': ['VIEWER']}")
        .put("/tenants/" + tenant.slug() + "/members/" + owner);
    Response stale = refused(accept("a", "a@example.com", token(invited)), 409, "STATE_CONFLICT");
    assertThat(stale.jsonPath().getString("detail"))
        .isEqualTo("Who invited you may not give these roles any more; ask an owner.");
  }

  @Test
  void showsTheTokenOnceAlsoToWhoRepeatsTheRequest() {
    Tenant tenant = openTenant("tokenonce");
    String key = UUID.randomUUID().toString();
    String body = "{'email': 'a@example.com', 'roles': ['VIEWER']}";
    Response first =
        json(tenant.as("owner").header("Idempotency-Key", key), body).post(path(tenant));
    Response again =
        json(tenant.as("owner").header("Idempotency-Key", key), body).post(path(tenant));
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.jsonPath().getString("id")).isEqualTo(first.jsonPath().getString("id"));
    assertThat(first.jsonPath().getString("token")).isNotBlank();
    assertThat(again.jsonPath().getString("token")).isNull();
  }

  @Test
  void refusesBadRequests() {
    Tenant tenant = openTenant("badinv");
    Response answer = refused(invite(tenant, "{'email': 'nobody'}"), 400, "VALIDATION_FAILED");
    assertThat(answer.jsonPath().getList("errors.pointer")).containsExactly("/email");
    refused(invite(tenant, "{'email': 'a@example.com'}"), 400, "VALIDATION_FAILED");
    refused(invite(tenant, "{'roles': ['VIEWER']}"), 400, "VALIDATION_FAILED");
    refused(
        invite(
            tenant,
            "{'email': 'a@example.com', 'projectRoles': {'prj_%s': ['VIEWER']}}"
                .formatted(UUID.randomUUID())),
        422,
        "UNKNOWN_REFERENCE");
    refused(
        json(tenant.as("owner"), "{'email': 'a@example.com', 'roles': ['VIEWER']}")
            .post(path(tenant)),
        400,
        "IDEMPOTENCY_KEY_REQUIRED");
  }

  private static Response invite(Tenant tenant, String body) {
    return json(withKey(tenant.as("owner")), body).post(path(tenant));
  }

  private static String token(Response invited) {
    return invited.jsonPath().getString("token");
  }

  private static String path(Tenant tenant) {
    return "/tenants/" + tenant.slug() + "/invitations";
  }

  private static Response accept(String person, String email, String token) {
    return json(withEmail(person, email, true), "{'token': '%s'}".formatted(token))
        .post("/invitations/accept");
  }

  private static String project(Tenant tenant) {
    return tenant
        .as("owner")
        .get("/tenants/" + tenant.slug() + "/projects/training")
        .jsonPath()
        .getString("id");
  }
}
