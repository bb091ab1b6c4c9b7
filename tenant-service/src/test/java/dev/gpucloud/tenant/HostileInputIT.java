package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.slug;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.kit.page.PageTokens;
import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.TenantService;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no honest client sends: never a 500, never a word about what is inside. */
@TenantService
class HostileInputIT {
  @ParameterizedTest
  @ValueSource(
      strings = {"%00", "a%00b", "ten_%00", "'%20or%201=1--", "%F0%9F%92%A9", "..%2f..%2fetc"})
  void answersStrangeNamesAsUnknown(String name) {
    Tenant tenant = openTenant("strange");
    String own = "/tenants/" + tenant.slug();
    assertHarmless(admin().get("/admin/tenants/" + name));
    assertHarmless(admin().get("/admin/tenants/" + name + "/quotas"));
    assertHarmless(tenant.as("owner").get("/tenants/" + name));
    assertHarmless(tenant.as("owner").get(own + "/projects/" + name));
    assertHarmless(tenant.as("owner").get(own + "/quotas/" + name));
    assertHarmless(tenant.as("owner").header("If-Match", "\"1\"").delete(own + "/members/" + name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"slug=%00", "slug=%zz", "=", "", "other=1"})
  void readsNoTokenOfAnothersMaking(String position) {
    String token =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(position.getBytes(StandardCharsets.UTF_8));
    Response answer = admin().queryParam("pageToken", token).get("/admin/tenants");
    assertThat(answer.statusCode()).describedAs(answer.asString()).isIn(200, 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/tenants/%s/ssh-keys",
        "/me/ssh-keys",
        "/me/grant-applications",
        "/me/grant-reviews",
        "/tenants/%s/quotas",
        "/tenants/%s/quota-requests",
        "/tenants/%s/budgets",
        "/tenants/%s/grant-applications",
        "/tenants/%s/grant-awards",
        "/tenants/%s/service-accounts",
        "/tenants/%s/webhooks",
        "/tenants/%s/notifications",
        "/tenants/%s/audit",
        "/tenant-applications",
      })
  void refusesATokenOfAnotherListAndOneThatSomebodyWrote(String list) {
    Tenant tenant = openTenant("token");
    String path =
        list.formatted(tenant.slug() + (list.contains("ssh") ? "/projects/training" : ""));
    String foreign =
        admin()
            .queryParam("pageSize", 1)
            .get("/admin/tenants")
            .jsonPath()
            .getString("nextPageToken");
    String written =
        PageTokens.encode(Map.of("id", "x", "scope", "x", "sequence", "x"), "/api/v1" + path);

    for (String token : List.of(foreign, written)) {
      Response answer = tenant.as("owner").queryParam("pageToken", token).get(path);
      assertThat(
              refused(answer, 400, "INVALID_PAGE_TOKEN").jsonPath().getString("errors[0].pointer"))
          .isEqualTo("pageToken");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'slug': 'a\\u0000b', 'name': 'n', 'kind': 'GROUP'}",
        "{'slug': '%s', 'name': 'a\\u0000b', 'kind': 'GROUP'}",
        "{'slug': '%s', 'name': 'sk-\\u202Exinyh', 'kind': 'GROUP'}",
        "{'slug': '%s', 'name': 'sk\\u200B-hynix', 'kind': 'GROUP'}",
        "{'slug': '%s', 'name': 'line\\nbreak', 'kind': 'GROUP'}",
        "{'slug': '%s', 'name': 'n', 'kind': 'GROUP', 'parent': '\\u0000'}",
        "{'slug': '%s', 'name': 'n', 'kind': 'GROUP', 'quota': {'\\u0000': 1}}",
        "{'slug': '%s', 'name': 'n', 'kind': 'GROUP', 'projects': ['\\u0000']}",
        "{'slug': '%s', 'name': 'n', 'kind': 'GROUP',"
            + " 'projects': [{'slug': 'ok', 'labels': {'a': '\\u0000'}}]}",
        "{'slug': '%s', 'name': 'n', 'kind': 'GROUP',"
            + " 'projects': [{'slug': 'ok', 'labels': {'a': 'one\\u2028two'}}]}",
        "{'slug': '%s', 'name': 'n', 'kind': 'GROUP',"
            + " 'programme': {'name': '\\u0000', 'creditKrw': 1}}",
        "{'slug': '%s', 'name': 'n', 'kind': 'GROUP',"
            + " 'members': [{'subject': '\\u0000', 'username': 'u', 'roles': ['OWNER']}]}",
        "{'slug': '%s', 'name': 'n', 'kind': 'GROUP',"
            + " 'programme': {'name': 'p', 'creditKrw': 99999999999999999999}}",
        "{'slug': '%s', 'name': 'n', 'kind': 'GROUP', 'quota': {'b200': 1e99}}",
        "{'slug': {'a': 1}, 'name': ['n'], 'kind': 7}",
      })
  void refusesControlCharactersAndWrongTypes(String body) {
    refused(
        json(withKey(admin()), body.replace("%s", slug("ctl"))).post("/admin/tenants"),
        400,
        "VALIDATION_FAILED");
  }

  @Test
  void readsNoNumberAsATime() {
    Tenant tenant = openTenant("numbers");
    String own = "/tenants/" + tenant.slug();
    Response key =
        json(
                withKey(tenant.as("owner")),
                "{'name': 'n', 'roles': ['VIEWER'], 'expiresAt': 1893456000}")
            .post(own + "/api-keys");
    Response credit =
        json(withKey(admin()), "{'name': 'n', 'amountKrw': 1, 'expires': 30000, 'reason': 'r'}")
            .post("/admin" + own + "/credits");
    Response call =
        json(withKey(admin()), "{'slug': 'numbers', 'name': 'n', 'applyUntil': '1893456000'}")
            .post("/admin/grant-calls");

    assertThat(refused(key, 400, "VALIDATION_FAILED").jsonPath().getString("errors[0].pointer"))
        .isEqualTo("/expiresAt");
    assertThat(refused(credit, 400, "VALIDATION_FAILED").jsonPath().getString("errors[0].pointer"))
        .isEqualTo("/expires");
    assertThat(refused(call, 400, "VALIDATION_FAILED").jsonPath().getString("errors[0].pointer"))
        .isEqualTo("/applyUntil");
  }

  @Test
  void refusesADeeplyNestedBody() {
    String nested = "[".repeat(2000) + "]".repeat(2000);
    Response answer =
        withKey(admin())
            .contentType("application/json")
            .body(nested.getBytes(StandardCharsets.UTF_8))
            .post("/admin/tenants");
    refused(answer, 400, "MALFORMED_BODY");
  }

  @Test
  void refusesYamlThatMultipliesItself() {
    var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 9; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i))
          .append(("*a" + (i - 1) + ",").repeat(9))
          .append("*a")
          .append(i - 1)
          .append("]\n");
    }
    Response answer =
        admin()
            .contentType("application/yaml")
            .body(bomb.toString().getBytes(StandardCharsets.UTF_8))
            .post("/admin/imports/tenants");
    assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(400);
  }

  @Test
  void refusesOtherMediaTypesAndMethods() {
    Tenant tenant = openTenant("media");
    String path = "/tenants/" + tenant.slug() + "/projects";
    refused(
        withKey(tenant.as("owner")).contentType("text/plain").body("slug: x").post(path),
        415,
        "UNSUPPORTED_MEDIA_TYPE");
    refused(tenant.as("owner").patch("/tenants"), 405, "METHOD_NOT_ALLOWED");
    refused(tenant.as("owner").accept("image/png").get(path), 406, "NOT_ACCEPTABLE");
  }

  private static void assertHarmless(Response answer) {
    assertThat(answer.statusCode()).describedAs(answer.asString()).isIn(400, 404);
    assertThat(answer.asString())
        .doesNotContainIgnoringCase("exception")
        .doesNotContainIgnoringCase("postgres")
        .doesNotContain("select ");
  }
}
