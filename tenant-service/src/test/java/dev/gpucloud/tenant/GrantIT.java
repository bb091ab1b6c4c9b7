package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.answered;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static dev.gpucloud.tenant.fixture.Grants.addReviewer;
import static dev.gpucloud.tenant.fixture.Grants.apply;
import static dev.gpucloud.tenant.fixture.Grants.applyFor;
import static dev.gpucloud.tenant.fixture.Grants.applyTo;
import static dev.gpucloud.tenant.fixture.Grants.applyWithoutTenant;
import static dev.gpucloud.tenant.fixture.Grants.confirm;
import static dev.gpucloud.tenant.fixture.Grants.openCall;
import static dev.gpucloud.tenant.fixture.Grants.propose;
import static dev.gpucloud.tenant.fixture.Grants.review;
import static dev.gpucloud.tenant.fixture.Grants.score;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.Runs;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.testsupport.TestKafka;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@TenantService
class GrantIT {
  private static final String MODEL = "b200-sxm-180g";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  @Test
  void givesThePoolToTheBestAndWhatIsDeclinedToTheNext() {
    String call = openCall("round", 64, "'minReviews': 2");
    Tenant best = openTenant("best");
    Tenant second = openTenant("second");
    Tenant third = openTenant("third");
    String first = apply(best, call, 32, 32);
    String next = apply(second, call, 40, 8);
    String last = apply(third, call, 16, 16);
    String outside = applyWithoutTenant(call, 8);
    for (String reviewer : List.of("judge-one", "judge-two", best.slug() + "-viewer")) {
      addReviewer(call, reviewer);
    }

    refused(review("stranger", call, first, 90), 404, "NOT_FOUND");
    refused(review(best.slug() + "-viewer", call, first, 100), 409, "CONFLICT_OF_INTEREST");
    Response badPoints = refused(review("judge-one", call, first, 101), 400, "VALIDATION_FAILED");
    assertThat(badPoints.jsonPath().getString("errors[0].pointer")).isEqualTo("/points");
    score(call, first, 90, 70);
    score(call, next, 80, 60);
    score(call, last, 60, 50);
    score(call, outside, 10, 10);
    refused(review("judge-one", call, first, 10), 409, "ALREADY_EXISTS");

    Response proposal = propose(call);
    assertThat(proposal.statusCode()).describedAs(proposal.asString()).isEqualTo(200);
    assertThat(proposal.jsonPath().getInt("awards")).isEqualTo(2);
    assertThat(proposal.jsonPath().getMap("gpus")).containsEntry(MODEL, 64);
    assertThat(best.as("owner").get(awardsOf(best)).jsonPath().getList("items")).isEmpty();
    refused(applyTo(best, call, 8, 8), 409, "STATE_CONFLICT");
    Response applications = admin().get("/admin/grant-calls/" + call + "/applications?pageSize=2");
    assertThat(applications.jsonPath().getList("items.rank")).containsExactly(1, 2);
    assertThat(applications.jsonPath().getString("items[1].explanation"))
        .contains("32 of 40 GPUs of b200-sxm-180g; no more than 32 were left for it.");
    assertThat(applications.jsonPath().getString("nextPageToken")).isNotNull();
    refused(
        admin().header("If-Match", "\"1\"").post("/admin/grant-calls/" + call + "/confirm"),
        412,
        "VERSION_MISMATCH");
    confirm(call);

    Response offered = best.as("viewer").get(awardsOf(best));
    assertThat(offered.jsonPath().getList("items.state")).containsExactly("OFFERED");
    String award = offered.jsonPath().getString("items[0].id");
    refused(
        second
            .as("owner")
            .header("If-Match", "\"2\"")
            .post(awardsOf(second) + "/" + award + "/accept"),
        404,
        "NOT_FOUND");
    Response active = act(best, award, 2, "accept");
    assertThat(active.jsonPath().getString("state")).isEqualTo("ACTIVE");
    assertThat(active.jsonPath().getInt("raisedGpus")).isEqualTo(32);
    assertThat(limit(best)).isEqualTo(96);
    refused(
        best.as("owner").header("If-Match", "\"4\"").post(awardsOf(best) + "/" + award + "/accept"),
        409,
        "STATE_CONFLICT");
    String declined = second.as("owner").get(awardsOf(second)).jsonPath().getString("items[0].id");
    assertThat(act(second, declined, 2, "decline").jsonPath().getString("state"))
        .isEqualTo("DECLINED");
    assertThat(third.as("owner").get(awardsOf(third)).jsonPath().getList("items.state"))
        .containsExactly("OFFERED");
    assertThat(given(call)).isEqualTo(32 + 16 + 8);
    assertThat(
            TestKafka.await(Topics.GRANTS, 3, PATIENCE, r -> r.key().equals(award)).stream()
                .map(r -> TestKafka.header(r, "ce_type")))
        .containsExactly("grant.offered", "grant.accepted", "grant.started");

    Tenant opened = openTenant("opened");
    Response linked =
        json(admin(), "{'tenant': '%s'}".formatted(opened.slug()))
            .post("/admin/grant-applications/" + outside + "/link");
    assertThat(linked.jsonPath().getString("tenantId")).isEqualTo(opened.id());
    assertThat(opened.as("owner").get(awardsOf(opened)).jsonPath().getList("items.gpus"))
        .containsExactly(8);
  }

  @Test
  void whoDoesNotUseItIsToldLosesItAndTheNextGetsIt() {
    String call = openCall("useit", 32, "'minUsePct': 50, 'useWindowDays': 10, 'noticeDays': 5");
    Tenant idle = openTenant("idle");
    Tenant busy = openTenant("busy");
    Tenant waiting = openTenant("waiting");
    List<String> applications =
        List.of(
            apply(idle, call, 16, 16),
            apply(busy, call, 16, 16),
            applyFor(waiting, "000-00-00067", call, 16));
    addReviewer(call, "judge-one");
    addReviewer(call, "judge-two");
    score(call, applications.get(0), 90, 90);
    score(call, applications.get(1), 80, 80);
    score(call, applications.get(2), 10, 10);
    propose(call);
    confirm(call);
    assertThat(
            json(
                    admin().header("If-Match", "\"1\""),
                    "{'limitGpus': 64, 'guaranteedGpus': 8, 'borrowLimitGpus': 8}")
                .put("/tenants/%s/quotas/%s".formatted(idle.slug(), MODEL))
                .statusCode())
        .isEqualTo(200);
    String lost = accept(idle);
    String kept = accept(busy);
    assertThat(limit(idle)).isEqualTo(80);
    assertThat(borrowLimit(idle)).describedAs("the award can be used").isEqualTo(24);
    assertThat(
            json(idle.as("owner").header("If-Match", "\"0\""), "{'limitGpus': 70}")
                .put("/tenants/%s/projects/training/quotas/%s".formatted(idle.slug(), MODEL))
                .statusCode())
        .isEqualTo(200);
    new Runs(busy.id(), project(busy), 8).started(now.minus(Duration.ofDays(12)));
    awaitNumber("select count(*) from gpu_usage where tenant_id = '%s'".formatted(busy.uuid()), 1);

    passed("measured_from", 11, lost, kept);

    awaitState(idle, "NOTICED");
    assertThat(idle.as("owner").get(awardsOf(idle)).jsonPath().getInt("items[0].usedPct")).isZero();
    assertThat(limit(idle)).isEqualTo(80);
    awaitNumber(
        "select count(*) from grant_award where id = '%s' and used_pct = 50"
            .formatted(kept.substring(4)),
        1);
    assertThat(busy.as("owner").get(awardsOf(busy)).jsonPath().getString("items[0].state"))
        .isEqualTo("ACTIVE");

    passed("noticed_at", 6, lost);

    awaitState(idle, "CLAWED_BACK");
    assertThat(limit(idle)).isEqualTo(64);
    assertThat(borrowLimit(idle)).isEqualTo(8);
    assertThat(
            idle.as("owner")
                .get("/tenants/%s/projects/training/quotas".formatted(idle.slug()))
                .jsonPath()
                .getList("items.limitGpus"))
        .containsExactly(64);
    Response again = waiting.as("owner").get(awardsOf(waiting));
    assertThat(again.jsonPath().getList("items.state")).containsExactly("OFFERED");
    assertThat(again.jsonPath().getString("items[0].explanation")).contains("16 GPUs given again");
    assertThat(given(call)).isEqualTo(32);
    assertThat(
            TestKafka.await(Topics.GRANTS, 5, PATIENCE, r -> r.key().equals(lost)).stream()
                .map(r -> TestKafka.header(r, "ce_type")))
        .containsExactly(
            "grant.offered",
            "grant.accepted",
            "grant.started",
            "grant.noticed",
            "grant.clawed-back");

    for (String action : List.of("tenant.grant.noticed", "tenant.grant.clawed-back")) {
      TestKafka.await(
          Topics.AUDIT_ENTRIES,
          1,
          PATIENCE,
          r -> r.value().contains(lost) && r.value().contains(action));
    }

    Database.change(
        "update grant_call set window_to = now() where id = '%s'".formatted(call.substring(4)));
    awaitState(busy, "ENDED");
    assertThat(limit(busy)).isEqualTo(64);
  }

  @Test
  void anOfferLapsesAndAnAcceptedOneWaitsForItsWindow() {
    String call = openCall("lapse", 16, "'acceptDays': 3");
    Tenant late = openTenant("late");
    Tenant ready = openTenant("ready");
    List<String> applications = List.of(apply(late, call, 16, 16), apply(ready, call, 16, 16));
    addReviewer(call, "judge-one");
    addReviewer(call, "judge-two");
    score(call, applications.get(0), 90, 90);
    score(call, applications.get(1), 80, 80);
    propose(call);
    confirm(call);
    Database.change(
        "update grant_call set window_from = now() + interval '1 day' where id = '%s'"
            .formatted(call.substring(4)));
    String award = late.as("owner").get(awardsOf(late)).jsonPath().getString("items[0].id");
    passed("accept_by", 4, award);
    awaitState(late, "LAPSED");

    Response accepted = act(ready, only(ready), 2, "accept");

    assertThat(accepted.jsonPath().getString("state")).isEqualTo("ACCEPTED");
    assertThat(limit(ready)).isEqualTo(64);
    Database.change(
        "update grant_call set window_from = now() where id = '%s'".formatted(call.substring(4)));
    awaitState(ready, "ACTIVE");
    assertThat(limit(ready)).isEqualTo(80);
  }

  @Test
  void refusesBadCallsApplicationsAndAwards() {
    Response all =
        refused(
            json(
                    withKey(admin()),
                    """
                    {'slug': 'X', 'applyUntil': '2020-01-01T00:00:00Z',
                     'windowStart': '2027-01-01T00:00:00Z', 'windowEnd': '2026-01-01T00:00:00Z',
                     'customerSharePct': 101, 'pools': {'b200-sxm-180g': 12},
                     'categoryGpus': {'FRIENDS': 1}, 'applicantCapPct': 0, 'minUsePct': -1,
                     'weights': {'regional': 101}}""")
                .post("/admin/grant-calls"),
            400,
            "VALIDATION_FAILED");
    assertThat(all.jsonPath().getList("errors.pointer"))
        .containsExactly(
            "/slug",
            "/name",
            "/applyUntil",
            "/windowEnd",
            "/customerSharePct",
            "/pools/b200-sxm-180g",
            "/categoryGpus/FRIENDS",
            "/applicantCapPct",
            "/weights/regional",
            "/minUsePct");
    String call = openCall("bad", 32, "'minReviews': 1");
    Tenant tenant = openTenant("badgrant");
    String path = "/tenants/%s/grant-calls/%s/applications".formatted(tenant.slug(), call);
    Response fields =
        refused(
            json(
                    withKey(tenant.as("owner")),
                    "{'businessNumber': '000-00-00001', 'category': 'X', 'model': 'h100',"
                        + " 'gpus': 12, 'minGpus': 13}")
                .post(path),
            400,
            "VALIDATION_FAILED");
    assertThat(fields.jsonPath().getList("errors.pointer"))
        .containsExactly(
            "/applicant",
            "/businessNumber",
            "/category",
            "/model",
            "/gpus",
            "/minGpus",
            "/purpose");
    refused(applyTo(tenant, call, 40, 40), 400, "VALIDATION_FAILED");
    String application = apply(tenant, call, 16, 8);
    String other = apply(openTenant("badother"), call, 16, 8);
    addReviewer(call, "judge-one");
    assertThat(review("judge-one", call, application, 50).statusCode()).isEqualTo(201);
    assertThat(review("judge-one", call, other, 50).statusCode()).isEqualTo(201);
    propose(call);
    addReviewer(call, "judge-two");
    Response late = refused(review("judge-two", call, application, 1), 409, "STATE_CONFLICT");
    assertThat(late.jsonPath().getString("detail"))
        .isEqualTo(
            "The application is SUBMITTED and its call PROPOSED; it is reviewed while SUBMITTED in an"
                + " OPEN call.");
    String award =
        admin().get("/admin/grant-calls/" + call + "/awards").jsonPath().getString("items[0].id");

    Response above = refused(adjust(award, 1, 24), 422, "UNPROCESSABLE");
    assertThat(above.jsonPath().getString("errors[0].detail"))
        .isEqualTo("24 GPUs of b200-sxm-180g are above what the pool of 32 has left beside 16: 16");
    refused(adjust(award, 1, 12), 422, "UNPROCESSABLE");
    refused(adjust(award, 1, -8), 400, "VALIDATION_FAILED");
    refused(adjust(award, 3, 8), 412, "VERSION_MISMATCH");
    assertThat(adjust(award, 1, 8).jsonPath().getString("explanation"))
        .isEqualTo("8 GPUs instead of 16 by hand: by hand");
    assertThat(given(call)).isEqualTo(24);
    confirm(call);
    refused(adjust(award, 3, 16), 409, "STATE_CONFLICT");
    refused(admin().post("/admin/grant-calls/" + call + "/propose"), 409, "STATE_CONFLICT");
    refused(review("judge-one", call, application, 1), 409, "STATE_CONFLICT");
  }

  @Test
  void neverGivesMoreThanThePoolInACrowd() {
    String call = openCall("crowd", 32, "'minReviews': 1");
    addReviewer(call, "judge-one");
    List<Tenant> tenants = new ArrayList<>();
    for (int n = 0; n < 4; n++) {
      Tenant tenant = openTenant("crowd");
      tenants.add(tenant);
      String application = apply(tenant, call, 8, 8);
      assertThat(review("judge-one", call, application, 50 + n).statusCode()).isEqualTo(201);
    }
    propose(call);
    List<String> ids =
        admin()
            .get("/admin/grant-calls/" + call + "/awards")
            .jsonPath()
            .getList("items.id", String.class);

    assertThat(statuses(ids.stream().map(id -> () -> adjust(id, 1, 16))))
        .allMatch(status -> status == 422);
    assertThat(adjust(ids.get(0), 1, 0).statusCode()).isEqualTo(200);
    List<Integer> raised = statuses(ids.subList(1, 4).stream().map(id -> () -> adjust(id, 1, 16)));
    assertThat(raised).containsOnly(200, 422).containsOnlyOnce(200);
    assertThat(given(call)).isEqualTo(32);
    List<Integer> confirmed =
        statuses(
            IntStream.range(0, 4)
                .mapToObj(
                    n ->
                        () ->
                            admin()
                                .header("If-Match", "\"3\"")
                                .post("/admin/grant-calls/" + call + "/confirm")));
    assertThat(confirmed).containsOnly(200, 412).containsOnlyOnce(200);
    Tenant one = tenants.get(0);
    String award = only(one);
    int version = one.as("owner").get(awardsOf(one)).jsonPath().getInt("items[0].version");
    List<Integer> accepted =
        statuses(
            IntStream.range(0, 4)
                .mapToObj(
                    n ->
                        () ->
                            one.as("owner")
                                .header("If-Match", "\"" + version + "\"")
                                .post(awardsOf(one) + "/" + award + "/accept")));
    assertThat(accepted).containsOnly(200, 412).containsOnlyOnce(200);
    assertThat(limit(one)).isIn(72, 80);
  }

  @Test
  void givesACreditOnceUnderAName() {
    Tenant tenant = openTenant("credit");
    String body =
        "{'name': 'startup-credit', 'amountKrw': 30000000, 'expires': '2099-03-31',"
            + " 'reason': 'Startup programme'}";
    String path = "/admin/tenants/" + tenant.slug() + "/credits";

    Response given = json(withKey(admin()), body).post(path);

    assertThat(given.statusCode()).describedAs(given.asString()).isEqualTo(201);
    refused(json(withKey(admin()), body).post(path), 409, "ALREADY_EXISTS");
    refused(
        json(withKey(admin()), body.replace("30000000", "0").replace("2099", "2019")).post(path),
        400,
        "VALIDATION_FAILED");
    assertThat(
            TestKafka.await(
                    Topics.GRANTS,
                    1,
                    PATIENCE,
                    r -> r.key().equals(tenant.id() + "/startup-credit"))
                .getFirst()
                .value())
        .contains("\"amountKrw\":30000000")
        .contains("\"expires\":\"2099-03-31\"");
  }

  @Test
  void withdrawsACreditOnceAndTellsTheTenant() {
    Tenant tenant = openTenant("creditback");
    String path = "/admin/tenants/" + tenant.slug() + "/credits";
    String body =
        "{'name': 'startup-credit', 'amountKrw': 30000000, 'expires': '2099-03-31',"
            + " 'reason': 'Startup programme'}";
    String id = answered(201, json(withKey(admin()), body).post(path)).jsonPath().getString("id");
    String withdraw = path + "/" + id + "/withdraw";

    refused(json(admin(), "{'reason': ' '}").post(withdraw), 400, "VALIDATION_FAILED");
    Tenant other = openTenant("creditother");
    refused(
        json(admin(), "{'reason': 'Sold.'}").post(withdraw.replace(tenant.slug(), other.slug())),
        404,
        "NOT_FOUND");
    JsonPath withdrawn =
        answered(200, json(admin(), "{'reason': 'Sold.'}").post(withdraw)).jsonPath();

    assertThat(withdrawn.getString("state")).isEqualTo("WITHDRAWN");
    assertThat(withdrawn.getString("withdrawnBy")).isEqualTo("the-admin");
    refused(json(admin(), "{'reason': 'Sold.'}").post(withdraw), 409, "STATE_CONFLICT");
    JsonPath seen =
        answered(200, tenant.as("billing").get("/tenants/" + tenant.slug() + "/credits"))
            .jsonPath();
    assertThat(seen.getString("items[0].withdrawnReason")).isEqualTo("Sold.");
    assertThat(seen.getString("items[0].reason")).isNull();
    assertThat(seen.getString("items[0].createdBy")).isNull();
    assertThat(
            TestKafka.await(
                    Topics.GRANTS,
                    2,
                    PATIENCE,
                    r -> r.key().equals(tenant.id() + "/startup-credit"))
                .getLast()
                .value())
        .contains("\"withdrawnAt\":\"" + withdrawn.getString("withdrawnAt") + "\"");
    assertThat(
            tenant
                .as("owner")
                .get("/tenants/" + tenant.slug() + "/notifications?kind=credit.withdrawn")
                .jsonPath()
                .getString("items[0].details.amountWon"))
        .isEqualTo("30,000,000");
  }

  private static Response adjust(String award, int version, int gpus) {
    return json(
            admin().header("If-Match", "\"" + version + "\""),
            "{'gpus': %d, 'reason': 'by hand'}".formatted(gpus))
        .put("/admin/grant-awards/" + award);
  }

  private static String awardsOf(Tenant tenant) {
    return "/tenants/" + tenant.slug() + "/grant-awards";
  }

  private static String only(Tenant tenant) {
    return tenant.as("owner").get(awardsOf(tenant)).jsonPath().getString("items[0].id");
  }

  private static String accept(Tenant tenant) {
    String award = only(tenant);
    assertThat(act(tenant, award, 2, "accept").jsonPath().getString("state")).isEqualTo("ACTIVE");
    return award;
  }

  private static Response act(Tenant tenant, String award, int version, String what) {
    Response answer =
        tenant
            .as("owner")
            .header("If-Match", "\"" + version + "\"")
            .post(awardsOf(tenant) + "/" + award + "/" + what);
    assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(200);
    return answer;
  }

  private static int limit(Tenant tenant) {
    return tenant
        .as("viewer")
        .get("/tenants/%s/quotas/%s".formatted(tenant.slug(), MODEL))
        .jsonPath()
        .getInt("limitGpus");
  }

  private static String project(Tenant tenant) {
    return tenant
        .as("owner")
        .get("/tenants/" + tenant.slug() + "/projects/training")
        .jsonPath()
        .getString("id");
  }

  private static long given(String call) {
    return Database.number(
        "select sum(given) from grant_pool where call_id = '%s'".formatted(call.substring(4)));
  }

  /** As if so many days had passed since. */
  private static long borrowLimit(Tenant tenant) {
    return Database.number(
        "select borrow_limit_gpus from quota where tenant_id = '%s' and project_id is null"
            .formatted(tenant.uuid()));
  }

  private static void passed(String column, int days, String... awards) {
    for (String award : awards) {
      Database.change(
          "update grant_award set %1$s = %1$s - make_interval(days => %2$d) where id = '%3$s'"
              .formatted(column, days, award.substring(4)));
    }
  }

  private static void awaitState(Tenant tenant, String state) {
    awaitNumber(
        "select count(*) from grant_award where tenant_id = '%s' and state = '%s'"
            .formatted(tenant.uuid(), state),
        1);
  }

  private static void awaitNumber(String sql, long number) {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (Database.number(sql) != number) {
      assertThat(Instant.now()).describedAs(sql).isBefore(deadline);
    }
  }

  private static List<Integer> statuses(Stream<java.util.function.Supplier<Response>> requests) {
    List<CompletableFuture<Integer>> sent =
        requests
            .map(request -> CompletableFuture.supplyAsync(() -> request.get().statusCode()))
            .toList();
    return sent.stream().map(CompletableFuture::join).toList();
  }
}
