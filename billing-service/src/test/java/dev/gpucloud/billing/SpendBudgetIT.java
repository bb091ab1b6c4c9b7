package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.eventually;
import static dev.gpucloud.billing.fixture.World.finance;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.gpucloud.billing.fixture.FakeInventory;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.clock.BusinessClock;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Budgets of won from their terms to the events that alert people and stop inventory. Eight GPUs
 * cost 57,600 won an hour; the clock stands ten days into January, which has 31.
 */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "billing"))
@QuarkusTestResource(FakeInventory.class)
class SpendBudgetIT {
  private static final String NOW = "2027-01-11T00:00:00";
  private static final String TERMS =
      """
      {"name": "%s", "amount": {"amount": "%d", "currency": "KRW"},
       "thresholds": [{"basis": "ACTUAL", "percent": 50}, {"basis": "ACTUAL", "percent": 80},
                      {"basis": "FORECAST", "percent": 100}],
       "stopAtPercent": 100}""";

  @Inject @Business BusinessClock clock;

  @BeforeEach
  void pricedAndInTheMonth() throws Exception {
    World.freeze(clock, NOW);
    World.importScenarioPrices();
  }

  private static World world() {
    return new World().tenant("EXTERNAL", "EXTERNAL", "");
  }

  /** A tenant that spent 172,800 won on the second of January. */
  private static World spent() {
    World world = world();
    world.ran("a", 8, "2027-01-02T09:00:00", "2027-01-02T12:00:00");
    world.awaitEvents(5);
    return world;
  }

  private static String path(World world) {
    return "/api/v1/tenants/" + world.slug + "/spend-budgets";
  }

  private static RequestSpecification keyed(RequestSpecification by) {
    return by.header("Idempotency-Key", UUID.randomUUID().toString());
  }

  private static Response create(World world, String body) {
    return keyed(as(world.owner)).body(body).post(path(world));
  }

  private static String made(World world, String body) {
    return create(world, body).then().statusCode(201).extract().path("id");
  }

  private static Response show(World world, String id) {
    return as(world.billingViewer).get(path(world) + "/" + id);
  }

  private static Response set(World world, String id, String body) {
    String etag = show(world, id).header("ETag");
    return as(world.owner).header("If-Match", etag).body(body).put(path(world) + "/" + id);
  }

  private static JsonPath awaitSpent(World world, String id, String won) {
    eventually(() -> won.equals(show(world, id).jsonPath().getString("spent.amount")));
    return show(world, id).jsonPath();
  }

  private static List<String> reached(JsonPath budget) {
    return budget.getList("reached.collect { it.basis + ' ' + it.percent }");
  }

  /** The first events of a budget in their order, each as sequence, type and threshold. */
  private static List<String> events(String id, int count) {
    return told(id, count).stream()
        .map(
            r ->
                "%s %s %s"
                    .formatted(
                        TestKafka.header(r, "ce_sequence"),
                        TestKafka.header(r, "ce_type"),
                        JsonPath.from(r.value()).getString("reachedPct")))
        .toList();
  }

  private static List<ConsumerRecord<String, String>> told(String id, int count) {
    return TestKafka.await(
        Topics.SPEND_BUDGETS, count, Duration.ofSeconds(30), r -> id.equals(r.key()));
  }

  @Test
  void tellsThresholdsStopsWhatIsNewAndLetsItGoOnWhenRaised() {
    World world = spent();

    String id = made(world, TERMS.formatted("Research", 300_000));
    JsonPath first = awaitSpent(world, id, "172800");
    assertThat(first.getString("forecast.amount")).isEqualTo("535680"); // 172,800 x 31 / 10
    assertThat(reached(first)).containsExactly("ACTUAL 50", "FORECAST 100");
    assertThat(first.getBoolean("stopped")).isFalse();

    World.Run run = world.b200("b", 8);
    TestKafka.send(run.event("instance.created", NOW), run.event("instance.started", NOW));
    world.awaitEvents(7);
    World.freeze(clock, "2027-01-11T04:00:00");
    JsonPath stopped = awaitSpent(world, id, "403200");
    // 172,800 and what runs, 57,600 an hour for 21 days
    assertThat(stopped.getString("forecast.amount")).isEqualTo("29203200");
    assertThat(stopped.getBoolean("stopped")).isTrue();
    assertThat(stopped.getString("stoppedUntil")).isEqualTo("2027-01-31T15:00:00Z");
    assertThat(reached(stopped)).containsExactly("ACTUAL 50", "ACTUAL 80", "FORECAST 100");

    set(world, id, TERMS.formatted("Research", 600_000))
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"2\""))
        .body("stopped", equalTo(false))
        .body("stoppedUntil", nullValue())
        .body("reached.percent", contains(50, 100));
    World.freeze(clock, "2027-01-11T06:00:00");
    assertThat(reached(awaitSpent(world, id, "518400"))).contains("ACTUAL 80");
    World.freeze(clock, "2027-01-11T08:00:00");
    assertThat(awaitSpent(world, id, "633600").getBoolean("stopped")).isTrue();
    as(world.owner)
        .header("If-Match", "\"2\"")
        .delete(path(world) + "/" + id)
        .then()
        .statusCode(204);
    show(world, id).then().statusCode(404);

    assertThat(events(id, 10))
        .containsExactly(
            "1 spend-budget.set null",
            "2 spend-budget.reached 50",
            "3 spend-budget.forecast-reached 100",
            "4 spend-budget.reached 80",
            "5 spend-budget.stopped null",
            "6 spend-budget.set null",
            "7 spend-budget.resumed null",
            "8 spend-budget.reached 80",
            "9 spend-budget.stopped null",
            "10 spend-budget.removed null");
    JsonPath stop = JsonPath.from(told(id, 10).get(4).value());
    assertThat(stop.getString("tenantId")).isEqualTo("ten_" + world.tenant);
    assertThat(stop.getLong("spentKrw")).isEqualTo(403_200);
    assertThat(stop.getLong("amountKrw")).isEqualTo(300_000);
    assertThat(stop.getInt("stopAtPct")).isEqualTo(100);
    assertThat(stop.getBoolean("stopped")).isTrue();
    assertThat(stop.getString("monthEnd")).isEqualTo("2027-01-31T15:00:00Z");
    assertThat(JsonPath.from(told(id, 10).getLast().value()).getBoolean("stopped")).isFalse();
    assertThat(audited(id, 5))
        .containsExactlyInAnyOrder(
            "spend-budget.create",
            "spend-budget.stop",
            "spend-budget.set",
            "spend-budget.stop",
            "spend-budget.remove");
  }

  /** The actions on a budget in the audit log, each with a value before or after. */
  private static List<String> audited(String id, int count) {
    return TestKafka.await(
            Topics.AUDIT_ENTRIES,
            count,
            Duration.ofSeconds(30),
            r ->
                r.value().contains(id)
                    && id.equals(JsonPath.from(r.value()).getString("target.id")))
        .stream()
        .map(r -> JsonPath.from(r.value()))
        .filter(entry -> entry.get("before") != null || entry.get("after") != null)
        .map(entry -> entry.getString("action"))
        .toList();
  }

  @Test
  void countsAProjectsBudgetByItselfAndANewMonthBeginsAnew() {
    World world = spent();
    String project =
        TERMS.formatted("P", 100_000).replace("\"name\"", "\"project\": \"p\", \"name\"");

    String id = made(world, project);
    JsonPath spent = awaitSpent(world, id, "172800");
    assertThat(spent.getString("project.slug")).isEqualTo("p");
    assertThat(spent.getString("project.id")).isEqualTo("prj_" + world.project);
    assertThat(spent.getBoolean("stopped")).isTrue();
    World.freeze(clock, "2027-02-01T00:00:00");
    JsonPath february = awaitSpent(world, id, "0");

    assertThat(february.getString("month")).isEqualTo("2027-02");
    assertThat(february.getBoolean("stopped")).isFalse();
    assertThat(reached(february)).isEmpty();
    List<ConsumerRecord<String, String>> told = told(id, 5);
    assertThat(TestKafka.header(told.getLast(), "ce_type")).isEqualTo("spend-budget.resumed");
    assertThat(JsonPath.from(told.getLast().value()).getString("projectId"))
        .isEqualTo("prj_" + world.project);
  }

  @Test
  void saysEverythingThatIsWrongAndChangesNothing() {
    World world = world();

    create(
            world,
            """
            {"name": " ", "amount": {"amount": "-5", "currency": "KRW"},
             "thresholds": [{"basis": "ACTUAL", "percent": 1001}, {"basis": "MAYBE", "percent": 5},
                            {"basis": "ACTUAL", "percent": 80}, {"basis": "ACTUAL", "percent": 80},
                            null],
             "stopAtPercent": 0}""")
        .then()
        .statusCode(400)
        .body("code", equalTo("VALIDATION_FAILED"))
        .body(
            "errors.pointer",
            containsInAnyOrder(
                "/name",
                "/amount/amount",
                "/thresholds/0/percent",
                "/thresholds/1/basis",
                "/thresholds/3",
                "/thresholds/4/basis",
                "/thresholds/4/percent",
                "/stopAtPercent"));
    create(world, "{\"name\": \"x\", \"stopAtPercent\": 100}")
        .then()
        .statusCode(400)
        .body("errors.pointer", containsInAnyOrder("/amount", "/stopAtPercent"))
        .body("errors.detail[1]", equalTo("needs an amount to be a part of"));
    create(world, TERMS.formatted("x", 1).replace("KRW", "USD"))
        .then()
        .statusCode(400)
        .body("errors.pointer", contains("/amount"));
    create(world, TERMS.formatted("x", 1).replace("\"name\"", "\"project\": \"q\", \"name\""))
        .then()
        .statusCode(422)
        .body("code", equalTo("UNKNOWN_REFERENCE"))
        .body("errors.pointer", contains("/project"));
    create(world, TERMS.formatted("x", 1).replace("\"name\"", "\"color\": 1, \"name\""))
        .then()
        .statusCode(400)
        .body("code", equalTo("UNKNOWN_FIELD"));
    as(world.owner)
        .body(TERMS.formatted("x", 1))
        .post(path(world))
        .then()
        .statusCode(400)
        .body("code", equalTo("IDEMPOTENCY_KEY_REQUIRED"));

    as(world.owner).get(path(world)).then().statusCode(200).body("items", hasSize(0));
  }

  @Test
  void takesTheUsualThresholdsAndNeverStopsUnlessAsked() {
    World world = world();

    String id =
        made(world, "{\"name\": \"x\", \"amount\": {\"amount\": \"1\", \"currency\": \"KRW\"}}");

    show(world, id)
        .then()
        .statusCode(200)
        .body("thresholds.basis", contains("ACTUAL", "ACTUAL", "ACTUAL", "FORECAST"))
        .body("thresholds.percent", contains(50, 80, 100, 100))
        .body("stopAtPercent", nullValue())
        .body("stopped", equalTo(false));
  }

  @Test
  void makesOneForAKeyOneOfANameAndNoMoreThanAreAllowed() {
    World world = world();
    String key = UUID.randomUUID().toString();
    RequestSpecification owner = as(world.owner).header("Idempotency-Key", key);
    String first =
        owner
            .body(TERMS.formatted("a", 1))
            .post(path(world))
            .then()
            .statusCode(201)
            .extract()
            .path("id");

    as(world.owner)
        .header("Idempotency-Key", key)
        .body(TERMS.formatted("a", 1))
        .post(path(world))
        .then()
        .statusCode(201)
        .header("Idempotency-Replayed", equalTo("true"))
        .body("id", equalTo(first));
    as(world.owner)
        .header("Idempotency-Key", key)
        .body(TERMS.formatted("a", 2))
        .post(path(world))
        .then()
        .statusCode(422)
        .body("code", equalTo("IDEMPOTENCY_KEY_REUSED"));
    create(world, TERMS.formatted("a", 2))
        .then()
        .statusCode(409)
        .body("code", equalTo("ALREADY_EXISTS"))
        .body("errors.pointer", contains("/name"));
    for (String name : List.of("b", "c", "d", "e")) {
      made(world, TERMS.formatted(name, 1));
    }
    create(world, TERMS.formatted("f", 1))
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"))
        .body("params.limit", equalTo(5));

    JsonPath page = as(world.billingViewer).get(path(world) + "?pageSize=3").jsonPath();
    assertThat(page.getList("items.name")).isEqualTo(List.of("a", "b", "c"));
    as(world.billingViewer)
        .get(path(world) + "?pageSize=3&pageToken=" + page.getString("nextPageToken"))
        .then()
        .statusCode(200)
        .body("items.name", contains("d", "e"))
        .body("nextPageToken", nullValue());
    as(world.billingViewer)
        .get(path(world) + "?pageToken=x")
        .then()
        .statusCode(400)
        .body("code", equalTo("INVALID_PAGE_TOKEN"));
  }

  @Test
  void isChangedOnTheVersionSeenByOwnersAndFinanceAlone() {
    World world = world();
    World foreign = world();
    String id = made(world, TERMS.formatted("a", 1000));
    made(world, TERMS.formatted("b", 1000));
    String one = path(world) + "/" + id;
    String terms = TERMS.formatted("a", 2000);

    as(world.owner).body(terms).put(one).then().statusCode(428);
    as(world.owner).header("If-Match", "\"7\"").body(terms).put(one).then().statusCode(412);
    as(world.owner).delete(one).then().statusCode(428);
    as(world.owner)
        .header("If-Match", "\"1\"")
        .body(TERMS.formatted("b", 1))
        .put(one)
        .then()
        .statusCode(409)
        .body("code", equalTo("ALREADY_EXISTS"));
    as(world.owner)
        .header("If-Match", "\"1\"")
        .body("{}")
        .put(one)
        .then()
        .statusCode(400)
        .body("errors.pointer", contains("/name", "/amount"));
    for (String subject : List.of(world.billingViewer, world.operator, world.viewer)) {
      as(subject).header("If-Match", "\"1\"").body(terms).put(one).then().statusCode(403);
      as(subject).header("If-Match", "\"1\"").delete(one).then().statusCode(403);
      keyed(as(subject)).body(terms).post(path(world)).then().statusCode(403);
    }
    as(world.operator).get(one).then().statusCode(403);
    as(foreign.owner).get(one).then().statusCode(404);
    as(foreign.owner).get(path(foreign) + "/" + id).then().statusCode(404);
    as(foreign.owner)
        .header("If-Match", "\"1\"")
        .body(terms)
        .put(path(foreign) + "/" + id)
        .then()
        .statusCode(404);
    given().get(one).then().statusCode(401);

    String ours = "/api/v1/finance/spend-budgets/" + id;
    auditor().get(ours).then().statusCode(200).body("name", equalTo("a"));
    auditor().header("If-Match", "\"1\"").body(terms).put(ours).then().statusCode(403);
    finance()
        .header("If-Match", "\"1\"")
        .body(terms)
        .put(ours)
        .then()
        .statusCode(200)
        .body("amount.amount", equalTo("2000"));
    finance()
        .header("If-Match", "\"2\"")
        .body(terms)
        .put(ours)
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"2\""));
    auditor()
        .get("/api/v1/finance/spend-budgets?tenant=" + world.slug)
        .then()
        .statusCode(200)
        .body("items.name", contains("a", "b"));
    auditor().get("/api/v1/finance/spend-budgets?tenant=nobody").then().statusCode(400);
    keyed(finance())
        .body(TERMS.formatted("by finance", 1))
        .post("/api/v1/finance/tenants/" + world.slug + "/spend-budgets")
        .then()
        .statusCode(201)
        .body("createdBy", equalTo("fin-1"));
    finance().header("If-Match", "\"2\"").delete(ours).then().statusCode(204);
    as(world.owner).get(path(world)).then().body("items.name", contains("b", "by finance"));
  }
}
