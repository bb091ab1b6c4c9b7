package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.answered;
import static dev.gpucloud.tenant.fixture.Api.as;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.TenantService;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@TenantService
class MemberIT {
  @Test
  void givesAndTakesRoles() {
    Tenant tenant = openTenant("roles");
    String newcomer = tenant.slug() + "-lee";
    String path = "/tenants/" + tenant.slug() + "/members/" + newcomer;
    refused(as(newcomer).get("/tenants/" + tenant.slug()), 404, "NOT_FOUND");

    Response unasked =
        refused(
            json(tenant.as("owner"), "{'username': 'lee', 'roles': ['VIEWER']}").put(path),
            404,
            "NOT_FOUND");
    assertThat(unasked.jsonPath().getString("detail")).contains("/invitations");
    tenant.join(newcomer, "'roles': ['VIEWER', 'OPERATOR']");
    answered(200, as(newcomer).get("/tenants/" + tenant.slug()));
    refused(
        json(tenant.as("owner"), "{'username': 'lee', 'roles': ['OWNER']}").put(path),
        428,
        "PRECONDITION_REQUIRED");
    Response changed =
        json(
                tenant.as("owner").header("If-Match", "\"1\""),
                "{'username': 'lee', 'roles': ['BILLING_VIEWER']}")
            .put(path);
    assertThat(changed.header("ETag")).isEqualTo("\"2\"");
    answered(403, as(newcomer).get("/tenants/" + tenant.slug() + "/members"));

    assertThat(tenant.as("owner").header("If-Match", "\"2\"").delete(path).statusCode())
        .isEqualTo(204);
    refused(tenant.as("owner").header("If-Match", "\"3\"").delete(path), 404, "NOT_FOUND");
    answered(404, as(newcomer).get("/tenants/" + tenant.slug()));

    refused(
        json(tenant.as("owner"), "{'username': 'lee', 'roles': ['VIEWER']}").put(path),
        404,
        "NOT_FOUND");
    Response back = tenant.join(newcomer, "'roles': ['VIEWER']");
    assertThat(back.jsonPath().getInt("member.version")).isEqualTo(4);
    answered(200, as(newcomer).get("/tenants/" + tenant.slug()));
  }

  @Test
  void givesRolesAtOneProject() {
    Tenant tenant = openTenant("proles");
    String project = project(tenant);
    String subject = tenant.slug() + "-park";
    String path = "/tenants/" + tenant.slug() + "/members/" + subject;

    tenant.join(subject, "'projectRoles': {'%s': ['VIEWER']}".formatted(project));
    Response again =
        json(
                tenant.as("owner").header("If-Match", "\"1\""),
                "{'username': 'park', 'projectRoles': {'%s': ['OPERATOR']}}".formatted(project))
            .put(path);
    assertThat(again.jsonPath().getList("projectRoles.'" + project + "'"))
        .containsExactly("OPERATOR");
    long events = Database.changes();
    Response same =
        json(
                tenant.as("owner").header("If-Match", "\"2\""),
                "{'username': 'park', 'projectRoles': {'%s': ['OPERATOR']}}".formatted(project))
            .put(path);
    assertThat(same.header("ETag")).isEqualTo("\"2\"");
    assertThat(Database.changes()).isEqualTo(events);

    Response me = as(subject).get("/me");
    assertThat(me.jsonPath().getList("memberships[0].roles")).isEmpty();
    assertThat(me.jsonPath().getList("memberships[0].projectRoles.'" + project + "'"))
        .containsExactly("OPERATOR");
    assertThat(as(subject).get("/tenants").jsonPath().getList("items"))
        .containsExactly(
            Map.of("id", tenant.id(), "slug", tenant.slug(), "name", "Tenant " + tenant.slug()));
    assertThat(
            tenant.as("viewer").get("/tenants").jsonPath().getString("items[0].suspensionPolicy"))
        .isNotNull();
    Response list = tenant.as("viewer").get("/tenants/" + tenant.slug() + "/members");
    assertThat(list.jsonPath().getList("items.subject"))
        .contains(subject, tenant.slug() + "-owner");
  }

  @Test
  void refusesProjectsOfOtherTenants() {
    Tenant tenant = openTenant("pown");
    String foreign = project(openTenant("pforeign"));
    Response answer =
        refused(
            json(
                    tenant.as("owner").header("If-Match", "\"1\""),
                    "{'username': 'x', 'projectRoles': {'%s': ['VIEWER'], 'prj_%s': ['VIEWER']}}"
                        .formatted(foreign, UUID.randomUUID()))
                .put("/tenants/" + tenant.slug() + "/members/" + tenant.slug() + "-viewer"),
            422,
            "UNKNOWN_REFERENCE");
    assertThat(answer.jsonPath().getList("errors")).hasSize(2);
  }

  @Test
  void keepsTheLastOwner() {
    Tenant tenant = openTenant("lastowner");
    String path = "/tenants/" + tenant.slug() + "/members/" + tenant.slug() + "-owner";
    refused(tenant.as("owner").header("If-Match", "\"1\"").delete(path), 409, "STATE_CONFLICT");
    refused(
        json(
                tenant.as("owner").header("If-Match", "\"1\""),
                "{'username': 'o', 'roles': ['VIEWER']}")
            .put(path),
        409,
        "STATE_CONFLICT");
  }

  @Test
  void keepsOneOfTwoOwnersWhoRemoveEachOtherAtOnce() {
    for (int round = 0; round < 5; round++) {
      Tenant tenant = openTenant("duel");
      String members = "/tenants/" + tenant.slug() + "/members/";
      String second = tenant.slug() + "-second";
      tenant.join(second, "'roles': ['OWNER']");
      answered(200, as(second).get("/tenants/" + tenant.slug()));

      List<Integer> statuses =
          Stream.of(
                  remove(tenant.slug() + "-owner", members + second),
                  remove(second, members + tenant.slug() + "-owner"))
              .toList()
              .stream()
              .map(CompletableFuture::join)
              .toList();

      assertThat(statuses).containsOnlyOnce(204);
      assertThat(
              Database.number(
                  "select count(*) from member where roles @> array['OWNER'] and tenant_id = '"
                      + tenant.uuid()
                      + "'"))
          .isEqualTo(1);
    }
  }

  @Test
  void refusesBadRequests() {
    Tenant tenant = openTenant("badm");
    String path = "/tenants/" + tenant.slug() + "/members/" + tenant.slug() + "-viewer";
    refused(json(tenant.as("owner"), "{'roles': []}").put(path), 400, "VALIDATION_FAILED");
    refused(
        json(tenant.as("owner"), "{'username': 'x', 'roles': []}").put(path),
        400,
        "VALIDATION_FAILED");
    Response role =
        refused(
            json(tenant.as("owner"), "{'username': 'x', 'roles': ['KING']}").put(path),
            400,
            "VALIDATION_FAILED");
    assertThat(role.jsonPath().getList("errors.pointer")).containsExactly("/roles/0");
    refused(
        json(tenant.as("owner"), "{'username': 'x', 'roles': ['OWNER'], 'a': 1}").put(path),
        400,
        "UNKNOWN_FIELD");
    refused(
        json(tenant.as("owner"), "{'username': 'x', 'projectRoles': {'training': ['OWNER']}}")
            .put(path),
        400,
        "VALIDATION_FAILED");
    refused(
        json(
                tenant.as("owner").header("If-Match", "\"2\""),
                "{'username': 'x', 'roles': ['VIEWER']}")
            .put(path),
        412,
        "VERSION_MISMATCH");
  }

  @Test
  void letsMembersLeaveButNotTheLastOwner() {
    Tenant tenant = openTenant("leave");
    String path = "/me/memberships/" + tenant.slug();

    assertThat(tenant.as("viewer").delete(path).statusCode()).isEqualTo(204);
    answered(404, tenant.as("viewer").get("/tenants/" + tenant.slug()));
    refused(tenant.as("viewer").delete(path), 404, "NOT_FOUND");
    assertThat(tenant.as("project-owner").delete("/me/memberships/" + tenant.id()).statusCode())
        .isEqualTo(204);
    refused(tenant.as("owner").delete(path), 409, "STATE_CONFLICT");
    refused(as("nobody-there").delete(path), 404, "NOT_FOUND");
    refused(as("nobody-there").delete("/me/memberships/no-such-tenant"), 404, "NOT_FOUND");
  }

  @Test
  void letsWhoHasRolesAtAProjectAloneWorkThere() {
    Tenant tenant = openTenant("ponly");
    String own = "/tenants/" + tenant.slug();
    assertThat(
            json(withKey(tenant.as("owner")), "{'slug': 'other', 'name': 'Other'}")
                .post(own + "/projects")
                .statusCode())
        .isEqualTo(201);
    Response list = tenant.as("project-owner").get(own + "/projects");
    assertThat(list.jsonPath().getList("items.slug")).containsExactly("training");
    assertThat(tenant.as("project-owner").get(own + "/projects/training").statusCode())
        .isEqualTo(200);
    assertThat(tenant.as("project-owner").get(own + "/projects/training/quotas").statusCode())
        .isEqualTo(200);
    answered(200, tenant.as("owner").get("/projects/" + tenant.slug() + ".other/invitations"));
    refused(tenant.as("project-owner").get(own + "/projects/other"), 404, "NOT_FOUND");
    refused(tenant.as("project-owner").get(own), 403, "FORBIDDEN");
    refused(
        json(tenant.as("project-owner").header("If-Match", "\"0\""), "{'limit': 1}")
            .put(own + "/projects/training/quotas/b200-sxm-180g"),
        403,
        "FORBIDDEN");
    Response key =
        json(
                withKey(tenant.as("project-owner")),
                "{'name': 'ci', 'roles': ['OPERATOR'], 'projects': ['%s']}"
                    .formatted(project(tenant)))
            .post(own + "/api-keys");
    assertThat(key.statusCode()).describedAs(key.asString()).isEqualTo(201);
    refused(
        json(withKey(tenant.as("project-owner")), "{'name': 'all', 'roles': ['OPERATOR']}")
            .post(own + "/api-keys"),
        422,
        "UNPROCESSABLE");
    assertThat(tenant.as("project-owner").get(own + "/api-keys").jsonPath().getList("items.name"))
        .containsExactly("ci");
  }

  private static CompletableFuture<Integer> remove(String subject, String path) {
    return CompletableFuture.supplyAsync(
        () -> as(subject).header("If-Match", "\"1\"").delete(path).statusCode());
  }

  private static String project(Tenant tenant) {
    return tenant
        .as("owner")
        .get("/tenants/" + tenant.slug() + "/projects/training")
        .jsonPath()
        .getString("id");
  }
}
