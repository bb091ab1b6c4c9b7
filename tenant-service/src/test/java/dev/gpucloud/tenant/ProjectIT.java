package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.TenantService;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@TenantService
class ProjectIT {
  @Test
  void opensShowsAndListsProjects() {
    Tenant tenant = openTenant("prj");
    String path = "/tenants/" + tenant.slug() + "/projects";

    Response opened =
        json(
                withKey(tenant.as("owner")),
                "{'slug': 'design', 'costCenter': 'HX-1', 'labels': {'team': 'litho'}}")
            .post(path);

    assertThat(opened.statusCode()).describedAs(opened.asString()).isEqualTo(201);
    assertThat(opened.jsonPath().getString("name")).isEqualTo("design");
    String id = opened.jsonPath().getString("id");
    assertThat(opened.header("Location"))
        .isEqualTo("/api/v1/tenants/" + tenant.id() + "/projects/" + id);
    for (String name : List.of("design", id)) {
      Response shown = tenant.as("viewer").get(path + "/" + name);
      assertThat(shown.jsonPath().getMap("labels")).isEqualTo(Map.of("team", "litho"));
      assertThat(shown.header("ETag")).isEqualTo("\"1\"");
    }
    Response page = tenant.as("viewer").queryParam("pageSize", 1).get(path);
    assertThat(page.jsonPath().getList("items.slug")).containsExactly("design");
    Response next =
        tenant
            .as("viewer")
            .queryParam("pageSize", 1)
            .queryParam("pageToken", page.jsonPath().getString("nextPageToken"))
            .get(path);
    assertThat(next.jsonPath().getList("items.slug")).containsExactly("training");
    assertThat(next.jsonPath().getString("nextPageToken")).isNull();
  }

  @Test
  void patchesTheVersionSeenAndNoOther() {
    Tenant tenant = openTenant("patch");
    String path = "/tenants/" + tenant.slug() + "/projects/training";

    refused(json(tenant.as("owner"), "{'name': 'New'}").patch(path), 428, "PRECONDITION_REQUIRED");
    Response patched =
        json(
                tenant.as("owner").header("If-Match", "\"1\""),
                "{'name': 'New', 'costCenter': 'CC', 'labels': {'a': 'b'}}")
            .patch(path);
    assertThat(patched.statusCode()).isEqualTo(200);
    assertThat(patched.header("ETag")).isEqualTo("\"2\"");
    refused(
        json(tenant.as("owner").header("If-Match", "\"1\""), "{'name': 'Old'}").patch(path),
        412,
        "VERSION_MISMATCH");

    Response cleared =
        json(
                tenant.as("owner").header("If-Match", "\"2\""),
                "{'costCenter': null, 'labels': {}, 'state': 'ARCHIVED'}")
            .patch(path);
    assertThat(cleared.jsonPath().getString("name")).isEqualTo("New");
    assertThat(cleared.jsonPath().getString("costCenter")).isNull();
    assertThat(cleared.jsonPath().getMap("labels")).isEmpty();
    assertThat(cleared.jsonPath().getString("state")).isEqualTo("ARCHIVED");
  }

  @Test
  void readsAMergePatchByItsOwnMediaType() {
    Tenant tenant = openTenant("merge");
    Response patched =
        tenant
            .as("owner")
            .header("If-Match", "\"1\"")
            .contentType("application/merge-patch+json")
            .body("{\"name\": \"Merged\"}".getBytes(StandardCharsets.UTF_8))
            .patch("/tenants/" + tenant.slug() + "/projects/training");
    assertThat(patched.statusCode()).describedAs(patched.asString()).isEqualTo(200);
    assertThat(patched.jsonPath().getString("name")).isEqualTo("Merged");
  }

  @Test
  void keepsVersionAndSilenceWhenAPatchChangesNothing() {
    Tenant tenant = openTenant("noop");
    long events = Database.changes();
    Response answer =
        json(tenant.as("owner").header("If-Match", "\"1\""), "{'name': 'training'}")
            .patch("/tenants/" + tenant.slug() + "/projects/training");
    assertThat(answer.header("ETag")).isEqualTo("\"1\"");
    assertThat(Database.changes()).isEqualTo(events);
  }

  @Test
  void refusesBadProjectsWithPointers() {
    Tenant tenant = openTenant("bad");
    String path = "/tenants/" + tenant.slug() + "/projects";
    Response answer =
        refused(
            json(
                    withKey(tenant.as("owner")),
                    "{'slug': 'No!', 'name': '', 'costCenter': '?', 'labels': {'A': 'b'}}")
                .post(path),
            400,
            "VALIDATION_FAILED");
    assertThat(answer.jsonPath().getList("errors.pointer"))
        .containsExactly("/slug", "/name", "/costCenter", "/labels/A");
    Response unknown =
        refused(
            json(withKey(tenant.as("owner")), "{'slug': 'ok', 'colour': 'red'}").post(path),
            400,
            "UNKNOWN_FIELD");
    assertThat(unknown.jsonPath().getList("errors.pointer")).containsExactly("/colour");
    refused(
        json(tenant.as("owner").header("If-Match", "\"1\""), "{'colour': 'red'}")
            .patch(path + "/training"),
        400,
        "UNKNOWN_FIELD");
    refused(
        json(tenant.as("owner").header("If-Match", "\"1\""), "{'name': null, 'state': 'GONE'}")
            .patch(path + "/training"),
        400,
        "VALIDATION_FAILED");
    refused(
        json(withKey(tenant.as("owner")), "{'slug': 'training'}").post(path),
        409,
        "ALREADY_EXISTS");
    refused(json(tenant.as("owner"), "{'slug': 'x1'}").post(path), 400, "IDEMPOTENCY_KEY_REQUIRED");
    refused(tenant.as("owner").get(path + "/nowhere"), 404, "NOT_FOUND");
  }

  @Test
  void opensOneProjectWhenManyAskForTheSameSlugAtOnce() {
    Tenant tenant = openTenant("race");
    List<CompletableFuture<Integer>> answers =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () ->
                            json(withKey(tenant.as("owner")), "{'slug': 'same'}")
                                .post("/tenants/" + tenant.slug() + "/projects")
                                .statusCode()))
            .toList();
    List<Integer> statuses = answers.stream().map(CompletableFuture::join).toList();
    assertThat(statuses).containsOnly(201, 409).containsOnlyOnce(201);
  }

  @Test
  void doesNotReachAnotherTenantsProject() {
    Tenant tenant = openTenant("own");
    Tenant other = openTenant("foreign");
    String id =
        other
            .as("owner")
            .get("/tenants/" + other.slug() + "/projects/training")
            .jsonPath()
            .getString("id");
    refused(
        tenant.as("owner").get("/tenants/" + tenant.slug() + "/projects/" + id), 404, "NOT_FOUND");
    refused(
        json(tenant.as("owner").header("If-Match", "\"1\""), "{'name': 'Mine'}")
            .patch("/tenants/" + tenant.slug() + "/projects/" + id),
        404,
        "NOT_FOUND");
  }
}
