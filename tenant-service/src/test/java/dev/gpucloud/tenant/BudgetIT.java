package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.await;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.Runs;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.testsupport.TestKafka;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

@TenantService
class BudgetIT {
  private static final String MODEL = "b200-sxm-180g";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final String window =
      "'from': '%s', 'to': '%s'"
          .formatted(now.minus(Duration.ofHours(10)), now.plus(Duration.ofHours(10)));

  @Test
  void warnsAndStopsGrowthWhenTheGpuHoursAreUsed() throws Exception {
    Tenant tenant = openTenant("budget");
    String project = project(tenant);
    String path = "/tenants/" + tenant.slug() + "/budgets";
    Response set = put(admin(), path + "/" + MODEL, 0, "'limitGpuHours': 20, " + window);
    assertThat(set.statusCode()).describedAs(set.asString()).isEqualTo(200);
    assertThat(set.jsonPath().getList("warnAtPct")).containsExactly(50, 80, 100);
    Response own =
        put(
            tenant.as("owner"),
            "/tenants/" + tenant.slug() + "/projects/training/budgets/" + MODEL,
            0,
            "'limitGpuHours': 16, 'warnAtPct': [10], " + window);
    assertThat(own.statusCode()).describedAs(own.asString()).isEqualTo(200);

    new Runs(tenant.id(), project, 8).started(now.minus(Duration.ofHours(2)));

    JsonNode warned = last(tenant.id(), "budget.warned");
    assertThat(warned.path("warnedPct").asInt()).isEqualTo(80);
    assertThat(warned.path("exhausted").asBoolean()).isFalse();
    JsonNode exhausted = last(project, "budget.exhausted");
    assertThat(exhausted.path("exhausted").asBoolean()).isTrue();
    assertThat(exhausted.path("usedGpuSeconds").asLong()).isBetween(57_600L, 57_600L + 8 * 60);
    assertThat(exhausted.path("windowEnd").asText())
        .isEqualTo(now.plus(Duration.ofHours(10)).toString());
    Response list = tenant.as("viewer").get(path);
    assertThat(list.jsonPath().getList("items.exhausted")).containsExactlyInAnyOrder(false, true);
    assertThat(admin().get("/admin" + path + "?pageSize=1").jsonPath().getString("nextPageToken"))
        .isNotNull();

    Response raised = put(admin(), path + "/" + MODEL, 1, "'limitGpuHours': 16, " + window);
    assertThat(raised.jsonPath().getBoolean("exhausted")).isTrue();
    Response gone = put(admin(), path + "/" + MODEL, 2, "'limitGpuHours': null");
    assertThat(gone.jsonPath().getBoolean("exhausted")).isFalse();
    assertThat(sequences(tenant.id())).isEqualTo(List.of("1", "2", "3", "4"));
  }

  @Test
  void countsEachShapeAndProjectForAsLongAsItRan() {
    Tenant tenant = openTenant("shapes");
    String project = project(tenant);
    String other = project.substring(0, project.length() - 4) + "0000";
    Instant start = now.minus(Duration.ofHours(4));

    new Runs(tenant.id(), project, 8)
        .moved(other, start.minusSeconds(60))
        .moved(project, start.minusSeconds(30))
        .started(start)
        .resized(4, start.plus(Duration.ofHours(1)))
        .moved(other, start.plus(Duration.ofHours(2)))
        .stopped(start.plus(Duration.ofHours(3)))
        .stopped(start.plus(Duration.ofMinutes(150)));

    awaitParts(tenant);
    assertThat(
            Database.text(
                """
                select string_agg(slices / 8 || ':' || extract(epoch from to_at - from_at)::int, ' '
                                  order by part)
                from gpu_usage where tenant_id = '%s'"""
                    .formatted(tenant.uuid())))
        .isEqualTo("8:3600 4:3600 4:1800");
    Response read =
        put(
            admin(),
            "/tenants/" + tenant.slug() + "/budgets/" + MODEL,
            0,
            "'limitGpuHours': 100, " + window);
    assertThat(read.jsonPath().getString("usedGpuHours")).isEqualTo("14.0");
  }

  /** Until the corrected stop is there. */
  private static void awaitParts(Tenant tenant) {
    Instant deadline = Instant.now().plus(PATIENCE);
    String sql =
        """
        select count(*) from gpu_usage
        where tenant_id = '%s' and part = 3 and to_at - from_at = interval '30 minutes'"""
            .formatted(tenant.uuid());
    while (Database.number(sql) == 0) {
      assertThat(Instant.now()).isBefore(deadline);
    }
  }

  @Test
  void refusesBadBudgets() {
    Tenant tenant = openTenant("badbudget");
    String path = "/tenants/" + tenant.slug() + "/budgets/" + MODEL;
    Response all =
        refused(
            put(
                admin(),
                path,
                0,
                "'limitGpuHours': 0, 'from': '2026-11-02T00:00:00Z', 'warnAtPct': [50, 101]"),
            400,
            "VALIDATION_FAILED");
    assertThat(all.jsonPath().getList("errors.pointer"))
        .containsExactly("/limitGpuHours", "/to", "/warnAtPct/1");
    refused(
        put(
            admin(),
            path,
            0,
            "'limitGpuHours': 1, 'from': '2026-11-02T00:00:00Z', 'to': '2026-11-02T00:00:00Z'"),
        400,
        "VALIDATION_FAILED");
    Response twice =
        refused(
            put(admin(), path, 0, "'limitGpuHours': 1, 'warnAtPct': [50, 80, 50]"),
            400,
            "VALIDATION_FAILED");
    assertThat(twice.jsonPath().getList("errors.pointer")).containsExactly("/warnAtPct/2");
    assertThat(twice.jsonPath().getString("errors[0].detail"))
        .isEqualTo("50 per cent stands there already");
    refused(put(admin(), path, 0, "'limitGpuHours': 1, 'window': 'MONTH'"), 400, "UNKNOWN_FIELD");
    refused(put(admin(), path, 0, "'warnAtPct': []"), 400, "VALIDATION_FAILED");
    refused(put(admin(), path, 1, "'limitGpuHours': 1"), 412, "VERSION_MISMATCH");
    refused(json(admin(), "{'limitGpuHours': 1}").put(path), 428, "PRECONDITION_REQUIRED");
    refused(put(tenant.as("owner"), path, 0, "'limitGpuHours': 1"), 403, "FORBIDDEN");
  }

  @Test
  void aWindowThatHasEndedFreesNobody() throws Exception {
    Tenant tenant = openTenant("pastbudget");
    String path = "/tenants/" + tenant.slug() + "/budgets/" + MODEL;
    put(admin(), path, 0, "'limitGpuHours': 1, " + window).then().statusCode(200);
    new Runs(tenant.id(), project(tenant), 8).started(now.minus(Duration.ofHours(2)));
    last(tenant.id(), "budget.exhausted");

    Response past =
        refused(
            put(
                admin(),
                path,
                1,
                "'limitGpuHours': 1, 'from': '%s', 'to': '%s'"
                    .formatted(now.minus(Duration.ofHours(9)), now)),
            400,
            "VALIDATION_FAILED");

    assertThat(past.jsonPath().getList("errors.pointer")).containsExactly("/to");
    assertThat(past.jsonPath().getString("errors[0].detail")).startsWith("the window has ended");
    String list = "/tenants/" + tenant.slug() + "/budgets";
    assertThat(tenant.as("viewer").get(list).jsonPath().getBoolean("items[0].exhausted")).isTrue();

    Database.change(
        "update gpu_budget set custom_to = now() - interval '1 minute' where scope_id = '%s'"
            .formatted(tenant.uuid()));
    await(() -> !tenant.as("viewer").get(list).jsonPath().getBoolean("items[0].exhausted"));
    assertThat(tenant.as("viewer").get(list).jsonPath().getDouble("items[0].usedGpuHours"))
        .isGreaterThan(15.0);
  }

  @Test
  void letsOneOfManyWinWhoSetAFirstBudget() {
    Tenant tenant = openTenant("budgetrace");
    String path = "/tenants/" + tenant.slug() + "/budgets/" + MODEL;

    List<CompletableFuture<Integer>> answers =
        IntStream.range(0, 6)
            .mapToObj(
                n ->
                    CompletableFuture.supplyAsync(
                        () -> put(admin(), path, 0, "'limitGpuHours': " + (n + 1)).statusCode()))
            .toList();

    assertThat(answers.stream().map(CompletableFuture::join))
        .containsOnly(200, 412)
        .containsOnlyOnce(200);
  }

  private static String project(Tenant tenant) {
    return tenant
        .as("owner")
        .get("/tenants/" + tenant.slug() + "/projects/training")
        .jsonPath()
        .getString("id");
  }

  private static Response put(RequestSpecification who, String path, int version, String terms) {
    return json(who.header("If-Match", "\"" + version + "\""), "{" + terms + "}").put(path);
  }

  private static JsonNode last(String whose, String type) throws Exception {
    ConsumerRecord<String, String> found =
        TestKafka.await(
                Topics.BUDGETS,
                1,
                PATIENCE,
                r -> r.key().startsWith(whose) && TestKafka.header(r, "ce_type").equals(type))
            .getLast();
    return JSON.readTree(found.value());
  }

  private static List<String> sequences(String whose) {
    return TestKafka.await(Topics.BUDGETS, 4, PATIENCE, r -> r.key().startsWith(whose)).stream()
        .map(r -> TestKafka.header(r, "ce_sequence"))
        .toList();
  }
}
