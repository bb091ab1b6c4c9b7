package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.answered;
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
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@TenantService
class QuotaRequestIT {
  private static final String MODEL = "b200-sxm-180g";

  @Test
  void thePlatformGrantsAPartAndTheLimitIsRaised() {
    Tenant tenant = openTenant("asks");
    String path = "/tenants/" + tenant.slug() + "/quota-requests";
    Response asked = ask(tenant, 128);
    assertThat(asked.statusCode()).describedAs(asked.asString()).isEqualTo(201);
    assertThat(asked.header("ETag")).isEqualTo("\"1\"");
    assertThat(asked.jsonPath().getString("tenant")).isEqualTo(tenant.slug());
    String id = asked.jsonPath().getString("id");
    assertThat(asked.header("Location")).endsWith("/quota-requests/" + id);
    refused(ask(tenant, 100), 409, "ALREADY_EXISTS");

    Response noWhy = refused(decide(id, 1, "'grantedGpus': 96"), 400, "VALIDATION_FAILED");
    assertThat(noWhy.jsonPath().getString("errors[0].pointer")).isEqualTo("/note");
    refused(decide(id, 1, "'grantedGpus': 129, 'note': 'more'"), 400, "VALIDATION_FAILED");
    refused(decide(id, 1, "'grantedGpus': 64, 'note': 'same'"), 422, "UNPROCESSABLE");
    refused(decide(id, 2, "'grantedGpus': 96, 'note': 'part'"), 412, "VERSION_MISMATCH");
    Response granted = decide(id, 1, "'grantedGpus': 96, 'note': 'The rest in March.'");

    assertThat(granted.statusCode()).describedAs(granted.asString()).isEqualTo(200);
    assertThat(granted.jsonPath().getString("state")).isEqualTo("PARTIALLY_GRANTED");
    assertThat(granted.jsonPath().getString("decidedBy")).isEqualTo("the-admin");
    assertThat(granted.jsonPath().getString("tenant")).isEqualTo(tenant.slug());
    Response quota = tenant.as("viewer").get("/tenants/" + tenant.slug() + "/quotas/" + MODEL);
    assertThat(quota.jsonPath().getInt("limitGpus")).isEqualTo(96);
    assertThat(quota.jsonPath().getInt("version"))
        .isEqualTo(granted.jsonPath().getInt("quotaVersion"));
    refused(decide(id, 2, "'grantedGpus': 0, 'note': 'no'"), 409, "STATE_CONFLICT");
    Response history = tenant.as("viewer").get(path);
    assertThat(history.jsonPath().getList("items.note")).containsExactly("The rest in March.");
    assertThat(tenant.as("viewer").get(path + "?state=OPEN").jsonPath().getList("items")).isEmpty();
    refused(tenant.as("viewer").get(path + "?state=NEW"), 400, "INVALID_PARAMETER");
  }

  @Test
  void refusesWhatCannotBeAskedFor() {
    Tenant tenant = openTenant("asksbad");
    String path = "/tenants/" + tenant.slug() + "/quota-requests";
    Response all =
        refused(
            json(withKey(tenant.as("owner")), "{'model': 'B 200', 'site': '!', 'wantedGpus': -1}")
                .post(path),
            400,
            "VALIDATION_FAILED");
    assertThat(all.jsonPath().getList("errors.pointer"))
        .containsExactly("/model", "/site", "/wantedGpus", "/reason");
    refused(ask(tenant, 64), 422, "UNPROCESSABLE");
    refused(
        json(withKey(tenant.as("owner")), body(100) + ", 'project': 'nothing'}").post(path),
        422,
        "UNKNOWN_REFERENCE");
    refused(
        json(withKey(tenant.as("owner")), body(100) + ", 'project': 'training'}").post(path),
        422,
        "UNPROCESSABLE");
    refused(json(tenant.as("owner"), body(100) + "}").post(path), 400, "IDEMPOTENCY_KEY_REQUIRED");
    refused(json(withKey(tenant.as("operator")), body(100) + "}").post(path), 403, "FORBIDDEN");
  }

  @Test
  void isMadeOnceAndCanBeTakenBack() {
    Tenant tenant = openTenant("askstwice");
    Tenant stranger = openTenant("asksnot");
    String path = "/tenants/" + tenant.slug() + "/quota-requests";
    RequestSpecification owner = tenant.as("owner").header("Idempotency-Key", "same-" + path);
    Response first = json(owner, body(100) + "}").post(path);
    Response again = json(owner, body(100) + "}").post(path);
    assertThat(again.jsonPath().getString("id")).isEqualTo(first.jsonPath().getString("id"));
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    String one = path + "/" + first.jsonPath().getString("id");
    refused(
        stranger.as("owner").get(one.replace(tenant.slug(), stranger.slug())), 404, "NOT_FOUND");
    refused(tenant.as("owner").post(one + "/withdraw"), 428, "PRECONDITION_REQUIRED");

    Response back = tenant.as("owner").header("If-Match", "\"1\"").post(one + "/withdraw");

    assertThat(back.jsonPath().getString("state")).isEqualTo("WITHDRAWN");
    refused(
        tenant.as("owner").header("If-Match", "\"2\"").post(one + "/withdraw"),
        409,
        "STATE_CONFLICT");
    assertThat(ask(tenant, 100).statusCode()).isEqualTo(201);
  }

  @Test
  void inAGroupTheOwnerAboveDecidesWithinItsOwnLimit() {
    String group = family("agroup", null, 100);
    String child = family("achild", group, 10);
    String other = family("aother", null, 100);
    Response asked = ask(as(child + "-owner"), child, 200);
    String id = asked.jsonPath().getString("id");
    String queue = "/tenants/" + group + "/child-quota-requests";

    assertThat(as(group + "-owner").get(queue + "?state=OPEN").jsonPath().getList("items.id"))
        .containsExactly(id);
    refused(as(child + "-owner").get(queue), 404, "NOT_FOUND");
    refused(
        decideAs(other, "/tenants/" + other + "/child-quota-requests/" + id, 50), 404, "NOT_FOUND");
    Response above = refused(decideAs(group, queue + "/" + id, 101), 422, "UNPROCESSABLE");
    assertThat(above.jsonPath().getString("errors[0].detail")).contains("above the 100 of");
    Response granted = decideAs(group, queue + "/" + id, 60);

    assertThat(granted.statusCode()).describedAs(granted.asString()).isEqualTo(200);
    assertThat(granted.jsonPath().getString("decidedBy")).isEqualTo(group + "-owner");
    assertThat(
            as(child + "-owner")
                .get("/tenants/" + child + "/quotas/" + MODEL)
                .jsonPath()
                .getInt("limitGpus"))
        .isEqualTo(60);
  }

  @Test
  void isDecidedOnceByTwoAtTheSameTime() {
    Tenant tenant = openTenant("askrace");
    String id = ask(tenant, 128).jsonPath().getString("id");

    List<CompletableFuture<Integer>> answers =
        IntStream.range(0, 6)
            .mapToObj(
                n ->
                    CompletableFuture.supplyAsync(
                        () ->
                            decide(id, 1, "'grantedGpus': %d, 'note': 'part'".formatted(70 + n))
                                .statusCode()))
            .toList();

    assertThat(answers.stream().map(CompletableFuture::join))
        .containsOnly(200, 412)
        .containsOnlyOnce(200);
    assertThat(
            Database.number(
                "select count(*) from quota where tenant_id = '%s' and version = 2"
                    .formatted(UUID.fromString(tenant.uuid()))))
        .isOne();
  }

  private static String family(String base, String parent, int gpus) {
    String slug = slug(base);
    String place =
        parent == null
            ? "'kind': 'GROUP'"
            : "'kind': 'SUBSIDIARY', 'billingMode': 'SHOWBACK', 'parent': '%s'".formatted(parent);
    Response opened =
        json(
                withKey(admin()),
                """
                {'slug': '%1$s', 'name': 'T', %2$s, 'quota': {'b200-sxm-180g': %3$d},
                 'members': [{'subject': '%1$s-owner', 'username': '%1$s-owner',
                              'roles': ['OWNER']}]}"""
                    .formatted(slug, place, gpus))
            .post("/admin/tenants");
    assertThat(opened.statusCode()).describedAs(opened.asString()).isEqualTo(201);
    answered(200, as(slug + "-owner").get("/tenants/" + slug));
    return slug;
  }

  private static String body(int gpus) {
    return "{'model': '%s', 'wantedGpus': %d, 'reason': 'A larger run.'".formatted(MODEL, gpus);
  }

  private static Response ask(Tenant tenant, int gpus) {
    return ask(tenant.as("owner"), tenant.slug(), gpus);
  }

  private static Response ask(RequestSpecification owner, String slug, int gpus) {
    return json(withKey(owner), body(gpus) + "}").post("/tenants/" + slug + "/quota-requests");
  }

  private static Response decide(String id, int version, String decision) {
    return json(admin().header("If-Match", "\"" + version + "\""), "{" + decision + "}")
        .post("/admin/quota-requests/" + id + "/decide");
  }

  private static Response decideAs(String tenant, String path, int gpus) {
    return json(
            as(tenant + "-owner").header("If-Match", "\"1\""),
            "{'grantedGpus': %d, 'note': 'Within ours.'}".formatted(gpus))
        .post(path + "/decide");
  }
}
