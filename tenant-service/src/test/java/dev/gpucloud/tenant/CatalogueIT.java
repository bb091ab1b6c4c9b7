package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.await;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.slug;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.BusinessNumbers;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.Grants;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.testsupport.TestKafka;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** GPU models and sites that the fleet does not have, once inventory has told what it has. */
@TenantService
class CatalogueIT {
  private static final String MODELS = "\"b200-sxm-180g\",\"h200-sxm-141g\"";
  private static final String NO_MODEL =
      "there is no GPU model 'b300-nowhere'; there are b200-sxm-180g, h200-sxm-141g";
  private static final String NO_SITE =
      "there is no site 'kr-nowhere-1'; there are kr-pangyo-1, kr-ulsan-1";
  private static long told = Instant.now().toEpochMilli();

  /** As before inventory spoke, for the other tests. */
  @AfterEach
  void forget() {
    tell("", "", 0);
  }

  @Test
  void areRefusedInQuotasBudgetsRequestsAndCalls() {
    Tenant tenant = openTenant("catalogue");
    String quotas = "/tenants/" + tenant.slug() + "/quotas/";
    String call = Grants.openCall("catalogue", 16, "'minReviews': 1");
    assertThat(put(admin(), quotas + "b300-before", "{'limitGpus': 8}").statusCode())
        .isEqualTo(200);
    tell(MODELS, "\"kr-ulsan-1\",\"kr-pangyo-1\"", 4);

    Response quota = put(admin(), quotas + "b300-nowhere?site=kr-nowhere-1", "{'limitGpus': 8}");
    assertUnknown(quota, "model", NO_MODEL);
    assertThat(quota.jsonPath().getString("errors[1].pointer")).isEqualTo("site");
    assertThat(quota.jsonPath().getString("errors[1].detail")).isEqualTo(NO_SITE);
    assertUnknown(
        put(
            admin(),
            "/tenants/" + tenant.slug() + "/budgets/b300-nowhere",
            "{'from': '2026-01-01T00:00:00Z', 'to': '2099-01-01T00:00:00Z', 'limitGpuHours': 1}"),
        "model",
        NO_MODEL);
    Response request =
        json(
                withKey(tenant.as("owner")),
                "{'model': 'b300-nowhere', 'site': 'kr-nowhere-1', 'wantedGpus': 8, 'reason': 'r'}")
            .post("/tenants/" + tenant.slug() + "/quota-requests");
    assertUnknown(request, "/model", NO_MODEL);
    assertThat(request.jsonPath().getString("errors[1].pointer")).isEqualTo("/site");
    assertUnknown(
        json(
                withKey(admin()),
                """
                {'slug': '%s', 'name': 'A round', 'applyUntil': '2098-01-01T00:00:00Z',
                 'windowStart': '2098-01-01T00:00:00Z', 'windowEnd': '2099-01-01T00:00:00Z',
                 'customerSharePct': 10, 'pools': {'b200-sxm-180g': 8, 'b300-nowhere': 8}}\
                """
                    .formatted(slug("nowhere")))
            .post("/admin/grant-calls"),
        "/pools/b300-nowhere",
        NO_MODEL);

    assertUnknown(
        json(
                withKey(admin()),
                """
                {'slug': '%s', 'name': 'Another', 'kind': 'EXTERNAL', 'segment': 'STARTUP',
                 'billingMode': 'EXTERNAL', 'businessNumber': '%s',
                 'quota': {'b300-nowhere': 1}}\
                """
                    .formatted(slug("nowhere"), BusinessNumbers.of("nowhere")))
            .post("/admin/tenants"),
        "/quota/b300-nowhere",
        NO_MODEL);

    for (String where : List.of("", "?site=kr-ulsan-1")) {
      assertThat(put(admin(), quotas + "h200-sxm-141g" + where, "{'limitGpus': 8}").statusCode())
          .isEqualTo(200);
    }
    assertThat(
            json(admin().header("If-Match", "\"1\""), "{'limitGpus': 0}")
                .put(quotas + "b300-before")
                .statusCode())
        .describedAs("what there is can be taken away")
        .isEqualTo(200);
    assertThat(Grants.applyTo(tenant, call, 8, 8).statusCode()).isEqualTo(201);

    tell("\"h200-sxm-141g\"", "\"kr-ulsan-1\"", 2);
    assertUnknown(
        Grants.applyAs("catalogue-kim", call, 8),
        "/model",
        "there is no GPU model 'b200-sxm-180g'; there are h200-sxm-141g");
  }

  private static Response put(RequestSpecification request, String path, String body) {
    return json(request.header("If-Match", "\"0\""), body).put(path);
  }

  private static void assertUnknown(Response answer, String pointer, String detail) {
    refused(answer, 422, "UNKNOWN_REFERENCE");
    assertThat(answer.jsonPath().getString("errors[0].pointer")).isEqualTo(pointer);
    assertThat(answer.jsonPath().getString("errors[0].detail")).isEqualTo(detail);
  }

  private static void tell(String models, String sites, long names) {
    TestKafka.send(
        TestKafka.Event.of(
            "/inventory-service",
            Topics.CATALOGUE,
            "catalogue",
            "catalogue.declared",
            "",
            ++told,
            "{\"gpuModels\":[%s],\"sites\":[%s],\"at\":\"2026-11-04T00:00:00Z\"}"
                .formatted(models, sites)));
    await(() -> Database.number("select count(*) from catalogue_name") == names);
  }
}
