package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.as;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.slug;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.TenantService;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@TenantService
class TenantIT {
  private static final String GROUP = "{'slug': '%s', 'name': 'A group', 'kind': 'GROUP'}";

  @Test
  void opensATenantAndAnswersWhereItIs() {
    String slug = slug("opened");

    Response answer = json(withKey(admin()), GROUP.formatted(slug)).post("/admin/tenants");

    assertThat(answer.statusCode()).isEqualTo(201);
    String id = answer.jsonPath().getString("id");
    assertThat(id).startsWith("ten_");
    assertThat(answer.header("Location")).isEqualTo("/api/v1/tenants/" + id);
    assertThat(answer.header("ETag")).isEqualTo("\"1\"");
    assertThat(answer.jsonPath().getString("state")).isEqualTo("ACTIVE");
    Response shown = admin().get("/admin/tenants/" + slug);
    assertThat(shown.jsonPath().getMap("")).isEqualTo(answer.jsonPath().getMap(""));
    assertThat(admin().get("/admin/tenants/" + id).header("ETag")).isEqualTo("\"1\"");
  }

  @Test
  void showsATenantToItsMembersBySlugAndById() {
    Tenant tenant = openTenant("shown");
    for (String name : List.of(tenant.slug(), tenant.id())) {
      Response answer = tenant.as("viewer").get("/tenants/" + name);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.jsonPath().getString("businessNumber")).isEqualTo(tenant.businessNumber());
      assertThat(answer.header("ETag")).isEqualTo("\"1\"");
    }
  }

  @Test
  void hidesATenantFromEverybodyElse() {
    Tenant tenant = openTenant("hidden");
    Tenant other = openTenant("other");
    refused(other.as("owner").get("/tenants/" + tenant.slug()), 404, "NOT_FOUND");
    refused(other.as("owner").get("/tenants/" + tenant.id()), 404, "NOT_FOUND");
    refused(as("nobody").get("/tenants/" + tenant.slug()), 404, "NOT_FOUND");
    refused(as("nobody").get("/tenants/ten_" + UUID.randomUUID()), 404, "NOT_FOUND");
    refused(as("nobody").get("/tenants/ten_rubbish"), 404, "NOT_FOUND");
  }

  @Test
  void listsToAMemberOnlyTheTenantsOfTheMember() {
    Tenant tenant = openTenant("listed");
    openTenant("unlisted");
    Response answer = tenant.as("billing").get("/tenants");
    assertThat(answer.jsonPath().getList("items.slug")).containsExactly(tenant.slug());
    assertThat(as("nobody").get("/tenants").jsonPath().getList("items")).isEmpty();
  }

  @Test
  void listsAllTenantsPageByPageInOrder() {
    openTenant("page");
    openTenant("page");
    openTenant("page");
    List<String> slugs = new ArrayList<>();
    String token = null;
    do {
      var request = as("an-auditor", "auditor").queryParam("pageSize", 2);
      Response page =
          (token == null ? request : request.queryParam("pageToken", token)).get("/admin/tenants");
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.jsonPath().getList("items")).hasSizeLessThanOrEqualTo(2);
      slugs.addAll(page.jsonPath().getList("items.slug"));
      token = page.jsonPath().getString("nextPageToken");
    } while (token != null);
    assertThat(slugs).isSorted().doesNotHaveDuplicates();
    assertThat((long) slugs.size()).isEqualTo(Database.number("select count(*) from tenant"));
  }

  @Test
  void refusesAPageTokenOfItsOwnMaking() {
    refused(
        admin().queryParam("pageToken", "rubbish").get("/admin/tenants"),
        400,
        "INVALID_PAGE_TOKEN");
    refused(admin().queryParam("pageSize", "0").get("/admin/tenants"), 400, "INVALID_PARAMETER");
    refused(admin().queryParam("state", "SAD").get("/admin/tenants"), 400, "INVALID_PARAMETER");
  }

  @Test
  void answersARepeatedRequestAgainWithoutASecondEffect() {
    String slug = slug("replayed");
    String key = UUID.randomUUID().toString();
    Response first =
        json(admin().header("Idempotency-Key", key), GROUP.formatted(slug)).post("/admin/tenants");
    long events = Database.changes();

    Response second =
        json(admin().header("Idempotency-Key", key), GROUP.formatted(slug)).post("/admin/tenants");

    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(second.asString()).isEqualTo(first.asString());
    assertThat(second.header("ETag")).isEqualTo("\"1\"");
    assertThat(Database.changes()).isEqualTo(events);
    refused(
        json(admin().header("Idempotency-Key", key), GROUP.formatted(slug("another")))
            .post("/admin/tenants"),
        422,
        "IDEMPOTENCY_KEY_REUSED");
  }

  @Test
  void needsAnIdempotencyKey() {
    String slug = slug("keyless");
    refused(
        json(admin(), GROUP.formatted(slug)).post("/admin/tenants"),
        400,
        "IDEMPOTENCY_KEY_REQUIRED");
    refused(admin().get("/admin/tenants/" + slug), 404, "NOT_FOUND");
  }

  @Test
  void refusesASlugInUse() {
    Tenant tenant = openTenant("twice");
    Response answer =
        refused(
            json(withKey(admin()), GROUP.formatted(tenant.slug())).post("/admin/tenants"),
            409,
            "ALREADY_EXISTS");
    assertThat(answer.jsonPath().getList("errors.pointer")).containsExactly("/slug");
  }

  @Test
  void reportsEveryViolationAndChangesNothing() {
    long events = Database.changes();
    Response answer =
        refused(
            json(
                    withKey(admin()),
                    """
                    {'slug': 'admin', 'name': ' ', 'kind': 'SUBSIDIARY', 'segment': 'STARTUP',
                     'billingMode': 'EXTERNAL', 'businessNumber': '000-00-00049', 'mood': 'good',
                     'quota': {'b200-sxm-180g': -8}, 'projects': ['a b'],
                     'residency': {'country': 'Korea'}}
                    """)
                .post("/admin/tenants"),
            400,
            "VALIDATION_FAILED");
    assertThat(answer.jsonPath().getList("errors.pointer"))
        .containsExactlyInAnyOrder(
            "/mood",
            "/slug",
            "/name",
            "/businessNumber",
            "/segment",
            "/parent",
            "/billingMode",
            "/residency/country",
            "/quota/b200-sxm-180g",
            "/projects/0");
    assertThat(Database.changes()).isEqualTo(events);
  }

  @Test
  void refusesBodiesThatAreNoTenant() {
    refused(json(withKey(admin()), "{'slug': ").post("/admin/tenants"), 400, "MALFORMED_BODY");
    refused(json(withKey(admin()), "[]").post("/admin/tenants"), 400, "VALIDATION_FAILED");
    refused(
        withKey(admin()).contentType("application/json").post("/admin/tenants"),
        400,
        "MALFORMED_BODY");
    refused(
        withKey(admin()).contentType("text/plain").body("hello").post("/admin/tenants"),
        415,
        "UNSUPPORTED_MEDIA_TYPE");
  }

  @Test
  void refusesAnUnknownParent() {
    Response answer =
        refused(
            json(
                    withKey(admin()),
                    """
                    {'slug': '%s', 'name': 'Lost', 'kind': 'SUBSIDIARY', 'parent': 'nowhere',
                     'billingMode': 'SHOWBACK'}
                    """
                        .formatted(slug("lost")))
                .post("/admin/tenants"),
            422,
            "UNPROCESSABLE");
    assertThat(answer.jsonPath().getString("errors[0].detail"))
        .isEqualTo("no tenant has the slug 'nowhere'");
  }

  @Test
  void suspendsAndResumesOnTheVersionSeen() {
    Tenant tenant = openTenant("suspended");
    String path = "/admin/tenants/" + tenant.slug();
    String reason = "{'reason': 'Two invoices are overdue.'}";

    refused(json(admin(), reason).post(path + "/suspend"), 428, "PRECONDITION_REQUIRED");
    refused(
        json(admin().header("If-Match", "\"7\""), reason).post(path + "/suspend"),
        412,
        "VERSION_MISMATCH");
    refused(
        json(admin().header("If-Match", "\"1\""), "{}").post(path + "/suspend"),
        400,
        "VALIDATION_FAILED");
    refused(admin().header("If-Match", "\"1\"").post(path + "/resume"), 409, "STATE_CONFLICT");
    Response suspended = json(admin().header("If-Match", "\"1\""), reason).post(path + "/suspend");
    assertThat(suspended.statusCode()).isEqualTo(200);
    assertThat(suspended.header("ETag")).isEqualTo("\"2\"");
    assertThat(suspended.jsonPath().getString("stateReason"))
        .isEqualTo("Two invoices are overdue.");

    refused(
        json(withKey(tenant.as("owner")), "{'slug': 'late'}")
            .post("/tenants/" + tenant.slug() + "/projects"),
        409,
        "STATE_CONFLICT");

    Response resumed = admin().header("If-Match", "\"2\"").post(path + "/resume");
    assertThat(resumed.jsonPath().getString("state")).isEqualTo("ACTIVE");
    assertThat(resumed.jsonPath().getString("stateReason")).isNull();
    assertThat(
            json(withKey(tenant.as("owner")), "{'slug': 'late'}")
                .post("/tenants/" + tenant.slug() + "/projects")
                .statusCode())
        .isEqualTo(201);
  }

  @Test
  void tellsACallerWhoTheyAre() {
    Tenant tenant = openTenant("mine");
    Response me = tenant.as("operator").get("/me");
    assertThat(me.jsonPath().getString("subject")).isEqualTo(tenant.slug() + "-operator");
    assertThat(me.jsonPath().getList("platformRoles")).isEmpty();
    assertThat(me.jsonPath().getString("memberships[0].tenant.slug")).isEqualTo(tenant.slug());
    assertThat(me.jsonPath().getList("memberships[0].roles")).containsExactly("OPERATOR");
    assertThat(me.jsonPath().getList("memberships")).hasSize(1);
    assertThat(me.jsonPath().getMap("")).doesNotContainKey("apiKey");

    Response staff = as("a-finance", "finance", "uma_authorization").get("/me");
    assertThat(staff.jsonPath().getList("platformRoles")).containsExactly("finance");
    assertThat(staff.jsonPath().getList("memberships")).isEmpty();
  }

  @Test
  void answersTheRequestIdItWasSent() {
    Response answer = admin().header("X-Request-Id", "my-request-0001").get("/tenants/nowhere");
    assertThat(answer.header("X-Request-Id")).isEqualTo("my-request-0001");
    assertThat(answer.jsonPath().getString("requestId")).isEqualTo("my-request-0001");
  }
}
