package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@TenantService
class QuotaIT {
  private static final String MODEL = "b200-sxm-180g";

  @Test
  void showsMembersTheirLimits() {
    Tenant tenant = openTenant("limits");
    String path = "/tenants/" + tenant.slug() + "/quotas";
    Response list = tenant.as("viewer").get(path);
    assertThat(list.jsonPath().getList("items.model")).containsExactly(MODEL);
    assertThat(list.jsonPath().getInt("items[0].limitGpus")).isEqualTo(64);
    assertThat(tenant.as("viewer").get(path + "/" + MODEL).header("ETag")).isEqualTo("\"1\"");
    Response unset = tenant.as("viewer").get(path + "/h200-sxm-141g");
    assertThat(unset.jsonPath().getInt("limitGpus")).isZero();
    assertThat(unset.header("ETag")).isEqualTo("\"0\"");
    assertThat(admin().get("/admin" + path).jsonPath().getList("items")).hasSize(1);
  }

  @Test
  void setsALimitOnTheVersionSeen() {
    Tenant tenant = openTenant("set");
    String path = "/tenants/" + tenant.slug() + "/quotas/" + MODEL;
    refused(json(admin(), "{'limitGpus': 8}").put(path), 428, "PRECONDITION_REQUIRED");
    refused(put(path, 0, "8"), 412, "VERSION_MISMATCH");

    Response set = put(path, 1, "128");

    assertThat(set.statusCode()).isEqualTo(200);
    assertThat(set.jsonPath().getInt("version")).isEqualTo(2);
    long events = Database.changes();
    assertThat(put(path, 2, "128").header("ETag")).isEqualTo("\"2\"");
    assertThat(Database.changes()).isEqualTo(events);
    Response unlimited = put(path, 2, "null");
    assertThat(unlimited.jsonPath().getMap("")).containsEntry("limitGpus", null);

    String first = "/tenants/" + tenant.slug() + "/quotas/h200-sxm-141g";
    assertThat(put(first, 0, "4").jsonPath().getInt("version")).isEqualTo(1);
  }

  @Test
  void refusesBadLimits() {
    Tenant tenant = openTenant("badq");
    String path = "/tenants/" + tenant.slug() + "/quotas/" + MODEL;
    Response negative = refused(put(path, 1, "-1"), 400, "VALIDATION_FAILED");
    assertThat(negative.jsonPath().getList("errors.pointer")).containsExactly("/limitGpus");
    refused(put(path, 1, "99999999999"), 400, "VALIDATION_FAILED");
    refused(put(path, 1, "1.5"), 400, "VALIDATION_FAILED");
    refused(put(path, 1, "\"8\""), 400, "VALIDATION_FAILED");
    refused(json(admin().header("If-Match", "\"1\""), "{}").put(path), 400, "VALIDATION_FAILED");
    refused(
        json(admin().header("If-Match", "\"1\""), "{'limitGpus': 8, 'limit': 8}").put(path),
        400,
        "UNKNOWN_FIELD");
    refused(put("/tenants/" + tenant.slug() + "/quotas/B_200", 0, "8"), 400, "INVALID_PARAMETER");
    refused(put("/tenants/nowhere/quotas/" + MODEL, 0, "8"), 404, "NOT_FOUND");
  }

  @Test
  void keepsAChildWithinItsParent() {
    String group = slug("qgroup");
    String child = slug("qchild");
    open("{'slug': '%s', 'name': 'G', 'kind': 'GROUP', 'quota': {'b200-sxm-180g': 100}}", group);
    open(
        "{'slug': '%s', 'name': 'C', 'kind': 'SUBSIDIARY', 'billingMode': 'SHOWBACK',"
            + " 'parent': '%s', 'quota': {'b200-sxm-180g': 60}}",
        child, group);

    Response above =
        refused(put("/tenants/" + child + "/quotas/" + MODEL, 1, "101"), 422, "UNPROCESSABLE");
    assertThat(above.jsonPath().getString("errors[0].detail"))
        .isEqualTo(
            "101 GPUs of b200-sxm-180g for '%s' are above the 100 of '%s'".formatted(child, group));
    assertThat(put("/tenants/" + group + "/quotas/" + MODEL, 1, "60").statusCode()).isEqualTo(200);
    assertThat(put("/tenants/" + child + "/quotas/" + MODEL, 1, "60").statusCode()).isEqualTo(200);
  }

  @Test
  void lowersWhatIsBelowWithIt() {
    String group = slug("lgroup");
    String child = slug("lchild");
    open("{'slug': '%s', 'name': 'G', 'kind': 'GROUP', 'quota': {'b200-sxm-180g': 100}}", group);
    open(
        "{'slug': '%s', 'name': 'C', 'kind': 'SUBSIDIARY', 'billingMode': 'SHOWBACK',"
            + " 'parent': '%s', 'quota': {'b200-sxm-180g': 60}}",
        child, group);
    String ofGroup = "/tenants/" + group + "/quotas/" + MODEL;
    String ofChild = "/tenants/" + child + "/quotas/" + MODEL;
    assertThat(put(ofChild, 1, "60, 'guaranteedGpus': 50").statusCode()).isEqualTo(200);

    assertThat(put(ofGroup, 1, "59").statusCode()).isEqualTo(200);

    Response capped = admin().get("/admin" + ofChild);
    assertThat(capped.jsonPath().getInt("limitGpus")).isEqualTo(59);
    assertThat(capped.jsonPath().getInt("guaranteedGpus")).isEqualTo(50);
    assertThat(capped.header("ETag")).isEqualTo("\"3\"");
    assertThat(put(ofGroup, 2, "8").statusCode()).isEqualTo(200);
    assertThat(admin().get("/admin" + ofChild).jsonPath().getInt("limitGpus")).isEqualTo(8);
    assertThat(admin().get("/admin" + ofChild).jsonPath().getInt("guaranteedGpus")).isEqualTo(8);
  }

  /** As placement counts: a tenant that nobody gave a quota has 0 GPUs to divide. */
  @Test
  void aTenantWithoutAQuotaHasNothingToDivide() {
    Tenant tenant = openTenant("noq");
    String project =
        json(withKey(tenant.as("owner")), "{'slug': 'p1', 'name': 'P'}")
            .post("/tenants/" + tenant.slug() + "/projects")
            .jsonPath()
            .getString("id");
    String model = "h200-sxm-141g";
    String own = "/tenants/" + tenant.slug() + "/projects/" + project + "/quotas/" + model;

    Response above =
        refused(
            json(tenant.as("owner").header("If-Match", "\"0\""), "{'limitGpus': 50}").put(own),
            422,
            "UNPROCESSABLE");

    assertThat(above.jsonPath().getString("errors[0].detail"))
        .contains("50 GPUs of h200-sxm-141g for project")
        .endsWith("has: no quota of it, which is 0 GPUs");
    String ofTenant = "/tenants/" + tenant.slug() + "/quotas/" + model;
    assertThat(put(ofTenant, 0, "64").statusCode()).isEqualTo(200);
    assertThat(
            json(tenant.as("owner").header("If-Match", "\"0\""), "{'limitGpus': 50}")
                .put(own)
                .statusCode())
        .isEqualTo(200);
    assertThat(put(ofTenant, 1, "16").statusCode()).isEqualTo(200);
    assertThat(admin().get("/admin" + ofTenant + "?project=p1").jsonPath().getInt("limitGpus"))
        .isEqualTo(16);
  }

  @Test
  void guaranteesTheChildrenNoMoreThanTheParent() {
    String group = slug("ggroup");
    List<String> children = List.of(slug("gone"), slug("gtwo"));
    open("{'slug': '%s', 'name': 'G', 'kind': 'GROUP', 'quota': {'b200-sxm-180g': 100}}", group);
    children.forEach(
        child ->
            open(
                "{'slug': '%s', 'name': 'C', 'kind': 'SUBSIDIARY', 'billingMode': 'SHOWBACK',"
                    + " 'parent': '%s', 'quota': {'b200-sxm-180g': 100}}",
                child, group));
    String path = "/tenants/%s/quotas/" + MODEL;
    String terms = "%s, 'guaranteedGpus': %s, 'borrowLimitGpus': %s";

    assertThat(put(path.formatted(group), 1, terms.formatted(100, 80, null)).statusCode())
        .isEqualTo(200);
    Response first = put(path.formatted(children.get(0)), 1, terms.formatted(100, 50, 10));
    assertThat(first.jsonPath().getInt("guaranteedGpus")).isEqualTo(50);
    assertThat(first.jsonPath().getInt("borrowLimitGpus")).isEqualTo(10);
    Response above =
        refused(
            put(path.formatted(children.get(1)), 1, terms.formatted(100, 31, 0)),
            422,
            "UNPROCESSABLE");
    assertThat(above.jsonPath().getString("errors[0].pointer")).isEqualTo("/guaranteedGpus");
    assertThat(above.jsonPath().getString("errors[0].detail"))
        .isEqualTo(
            "81 GPUs of b200-sxm-180g guaranteed to all below together are above the guarantee 80"
                + " of '"
                + group
                + "'");
    assertThat(put(path.formatted(children.get(1)), 1, terms.formatted(100, 30, 0)).statusCode())
        .isEqualTo(200);
    refused(put(path.formatted(group), 2, terms.formatted(100, 79, null)), 422, "UNPROCESSABLE");
    refused(put(path.formatted(group), 2, terms.formatted(70, 80, null)), 422, "UNPROCESSABLE");
    Response nothingToBorrowFrom =
        refused(
            put(path.formatted(group), 2, "100, 'borrowLimitGpus': 1"), 400, "VALIDATION_FAILED");
    assertThat(nothingToBorrowFrom.jsonPath().getString("errors[0].pointer"))
        .isEqualTo("/borrowLimitGpus");
    refused(put(path.formatted(group), 2, "100, 'guaranteedGpus': -1"), 400, "VALIDATION_FAILED");
  }

  @Test
  void limitsASiteWithinTheTenantAndAProjectWithinBoth() {
    Tenant tenant = openTenant("scoped");
    String path = "/tenants/" + tenant.slug() + "/quotas/" + MODEL;
    String project = "training";
    String ofProject = "/tenants/" + tenant.slug() + "/projects/" + project + "/quotas/" + MODEL;

    Response site = put(path + "?site=kr-ulsan-1", 0, "16");

    assertThat(site.statusCode()).describedAs(site.asString()).isEqualTo(200);
    assertThat(site.jsonPath().getString("site")).isEqualTo("kr-ulsan-1");
    refused(put(path + "?site=kr-ulsan-2", 0, "65"), 422, "UNPROCESSABLE");
    refused(put(path + "?site=No%20Site", 0, "1"), 400, "INVALID_PARAMETER");
    assertThat(byOwner(tenant, ofProject, 0, "32").statusCode()).isEqualTo(200);
    Response above =
        refused(byOwner(tenant, ofProject + "?site=kr-ulsan-1", 0, "17"), 422, "UNPROCESSABLE");
    assertThat(above.jsonPath().getString("errors[0].detail"))
        .endsWith("are above the 16 of '" + tenant.slug() + "' at kr-ulsan-1");
    refused(byOwner(tenant, ofProject, 1, "65"), 422, "UNPROCESSABLE");
    refused(byOwner(tenant, ofProject.replace(project, "nothing"), 0, "1"), 404, "NOT_FOUND");

    Response first = tenant.as("viewer").get("/tenants/" + tenant.slug() + "/quotas?pageSize=2");
    assertThat(first.jsonPath().getList("items")).hasSize(2);
    Response rest =
        tenant
            .as("viewer")
            .queryParam("pageToken", first.jsonPath().getString("nextPageToken"))
            .get("/tenants/" + tenant.slug() + "/quotas");
    assertThat(rest.jsonPath().getList("items")).hasSize(1);
    assertThat(
            tenant
                .as("viewer")
                .get("/tenants/" + tenant.slug() + "/projects/" + project + "/quotas")
                .jsonPath()
                .getList("items.limitGpus"))
        .containsExactly(32);
    assertThat(admin().get("/admin" + path + "?project=" + project).jsonPath().getInt("limitGpus"))
        .isEqualTo(32);
    assertThat(put(path + "?project=" + project, 1, "8").statusCode()).isEqualTo(200);
  }

  @Test
  void neverLetsConcurrentChangesCross() {
    String group = slug("cgroup");
    String child = slug("cchild");
    open("{'slug': '%s', 'name': 'G', 'kind': 'GROUP', 'quota': {'b200-sxm-180g': 100}}", group);
    open(
        "{'slug': '%s', 'name': 'C', 'kind': 'SUBSIDIARY', 'billingMode': 'SHOWBACK',"
            + " 'parent': '%s', 'quota': {'b200-sxm-180g': 10}}",
        child, group);
    for (int round = 1; round <= 5; round++) {
      List<CompletableFuture<Integer>> answers =
          List.of(
              CompletableFuture.supplyAsync(
                  () -> putCurrent("/tenants/" + group + "/quotas/" + MODEL, "50")),
              CompletableFuture.supplyAsync(
                  () -> putCurrent("/tenants/" + child + "/quotas/" + MODEL, "80")));
      assertThat(answers.stream().map(CompletableFuture::join)).containsOnly(200, 422);
      assertThat(
              Database.number(
                  """
                  select count(*) from quota c join tenant t on t.tenant_id = c.tenant_id
                  join quota p on p.tenant_id = t.parent_id and p.model = c.model
                  where c.limit_gpus > p.limit_gpus"""))
          .isZero();
      putCurrent("/tenants/" + child + "/quotas/" + MODEL, "10");
      putCurrent("/tenants/" + group + "/quotas/" + MODEL, "100");
    }
  }

  @Test
  void letsOneOfManyWinWhoSawTheSameVersion() {
    Tenant tenant = openTenant("winner");
    String path = "/tenants/" + tenant.slug() + "/quotas/" + MODEL;
    List<CompletableFuture<Integer>> answers =
        IntStream.range(0, 6)
            .mapToObj(
                i -> CompletableFuture.supplyAsync(() -> put(path, 1, "" + (100 + i)).statusCode()))
            .toList();
    assertThat(answers.stream().map(CompletableFuture::join))
        .containsOnly(200, 412)
        .containsOnlyOnce(200);
  }

  private static void open(String body, Object... arguments) {
    Response answer = json(withKey(admin()), body.formatted(arguments)).post("/admin/tenants");
    assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(201);
  }

  private static Response put(String path, int version, String limit) {
    return json(admin().header("If-Match", "\"" + version + "\""), "{'limitGpus': " + limit + "}")
        .put(path);
  }

  private static Response byOwner(Tenant tenant, String path, int version, String limit) {
    return json(
            tenant.as("owner").header("If-Match", "\"" + version + "\""),
            "{'limitGpus': " + limit + "}")
        .put(path);
  }

  private static int putCurrent(String path, String limit) {
    return json(admin().header("If-Match", "*"), "{'limitGpus': " + limit + "}")
        .put(path)
        .statusCode();
  }
}
