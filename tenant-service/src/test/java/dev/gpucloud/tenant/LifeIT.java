package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.as;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.slug;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.tenant.fixture.Api;
import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.BusinessNumbers;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.testsupport.TestKafka;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A tenant's life after it was opened: edits, suspension, its place in the tree, its end. */
@TenantService
class LifeIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String REASON = "{'reason': 'Two invoices are overdue.'}";

  @Test
  void announcesWhenWhatRunsIsStoppedAndCallsItOffOnResume() throws Exception {
    Tenant tenant = openTenant("notice");
    patch(tenant, 1, "{'suspensionPolicy': {'running': 'STOP_AFTER', 'noticeHours': 72}}", 200);

    Response suspended = move(tenant, 2, "suspend", REASON, 200);

    Instant since = Instant.parse(suspended.jsonPath().getString("suspension.since"));
    assertThat(suspended.jsonPath().getString("suspension.stopAt"))
        .isEqualTo(since.plus(Duration.ofHours(72)).toString());
    JsonNode told = fact(tenant, 3);
    assertThat(told.path("state").asText()).isEqualTo("SUSPENDED");
    assertThat(told.at("/suspension/reason").asText()).isEqualTo("Two invoices are overdue.");
    assertThat(told.at("/suspension/stopAt").asText())
        .isEqualTo(suspended.jsonPath().getString("suspension.stopAt"));

    Response shorter =
        patch(tenant, 3, "{'suspensionPolicy': {'running': 'STOP_AFTER', 'noticeHours': 1}}", 200);
    assertThat(shorter.jsonPath().getString("suspension.stopAt"))
        .isEqualTo(since.plus(Duration.ofHours(1)).toString());

    Response resumed = move(tenant, 4, "resume", "", 200);
    assertThat(resumed.jsonPath().getMap("suspension")).isNull();
    assertThat(fact(tenant, 5).has("suspension")).isFalse();
  }

  @Test
  void stillStopsWhatRunsWhenASuspendedTenantIsClosed() throws Exception {
    Tenant tenant = openTenant("endnotice");
    patch(tenant, 1, "{'suspensionPolicy': {'running': 'STOP_AFTER', 'noticeHours': 72}}", 200);
    Response suspended = move(tenant, 2, "suspend", REASON, 200);

    Response closing = move(tenant, 3, "close", "{'reason': 'It does not pay.'}", 200);

    String stopAt = suspended.jsonPath().getString("suspension.stopAt");
    assertThat(closing.jsonPath().getString("suspension.stopAt")).isEqualTo(stopAt);
    JsonNode told = fact(tenant, 4);
    assertThat(told.path("state").asText()).isEqualTo("CLOSING");
    assertThat(told.at("/suspension/stopAt").asText()).isEqualTo(stopAt);
    refused(
        json(withKey(tenant.as("owner")), "{'email': 'a@example.com', 'roles': ['VIEWER']}")
            .post("/tenants/" + tenant.slug() + "/invitations"),
        409,
        "STATE_CONFLICT");
    refused(
        json(withKey(tenant.as("owner")), "{'name': 'late', 'roles': ['VIEWER']}")
            .post("/tenants/" + tenant.slug() + "/api-keys"),
        409,
        "STATE_CONFLICT");
    refused(
        json(
                withKey(admin()),
                "{'name': 'c', 'amountKrw': 5, 'expires': '2099-03-31', 'reason': 'r'}")
            .post("/admin/tenants/" + tenant.slug() + "/credits"),
        409,
        "STATE_CONFLICT");
    refused(
        json(admin().header("If-Match", "\"0\""), "{'limitGpus': 5}")
            .put("/tenants/" + tenant.slug() + "/quotas/h200-sxm-141g"),
        409,
        "STATE_CONFLICT");
    refused(
        json(admin().header("If-Match", "\"0\""), "{'limitGpuHours': 5}")
            .put("/tenants/" + tenant.slug() + "/budgets/h200-sxm-141g"),
        409,
        "STATE_CONFLICT");
  }

  @Test
  void keepsTheHistoryWithWhoWhenAndWhy() {
    Tenant tenant = openTenant("history");
    move(tenant, 1, "suspend", REASON, 200);
    move(tenant, 2, "resume", "", 200);

    Response history = tenant.as("viewer").get("/tenants/" + tenant.slug() + "/history");

    assertThat(history.jsonPath().getList("items.action"))
        .containsExactly("open", "suspend", "resume");
    assertThat(history.jsonPath().getList("items.from"))
        .containsExactly(null, "ACTIVE", "SUSPENDED");
    assertThat(history.jsonPath().getList("items.to"))
        .containsExactly("ACTIVE", "SUSPENDED", "ACTIVE");
    assertThat(history.jsonPath().getList("items.actorName")).containsOnly("the-admin");
    assertThat(history.jsonPath().getList("items.reason"))
        .containsExactly(null, "Two invoices are overdue.", null);
    Response second =
        admin()
            .queryParam("pageSize", 1)
            .queryParam(
                "pageToken",
                admin()
                    .queryParam("pageSize", 1)
                    .get("/admin/tenants/" + tenant.slug() + "/history")
                    .jsonPath()
                    .getString("nextPageToken"))
            .get("/admin/tenants/" + tenant.slug() + "/history");
    assertThat(second.jsonPath().getList("items.action")).containsExactly("suspend");
    refused(
        openTenant("stranger").as("owner").get("/tenants/" + tenant.slug() + "/history"),
        404,
        "NOT_FOUND");
  }

  @Test
  void refusesAMoveThatTheStateDoesNotAllowAndSaysWhichItDoes() {
    Tenant tenant = openTenant("illegal");
    move(tenant, 1, "suspend", REASON, 200);

    Response answer =
        refused(
            json(admin().header("If-Match", "\"2\""), REASON)
                .post("/admin/tenants/" + tenant.slug() + "/suspend"),
            409,
            "STATE_CONFLICT");

    assertThat(answer.jsonPath().getString("params.state")).isEqualTo("SUSPENDED");
    assertThat(answer.jsonPath().getList("params.allowed")).containsExactly("resume", "close");
    assertThat(answer.jsonPath().getString("detail"))
        .isEqualTo("The tenant is SUSPENDED and cannot be suspended; it allows resume, close.");
  }

  @Test
  void letsOneOfTwoAdminsWhoEditOneTenantAtOnceWin() {
    Tenant tenant = openTenant("race");

    List<Integer> statuses =
        IntStream.range(0, 4)
            .mapToObj(
                n ->
                    CompletableFuture.supplyAsync(
                        () ->
                            json(
                                    as("admin-" + n, "platform-admin").header("If-Match", "\"1\""),
                                    "{'name': 'Name of admin %d'}".formatted(n))
                                .patch("/admin/tenants/" + tenant.slug())
                                .statusCode()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .sorted()
            .toList();

    assertThat(statuses).containsExactly(200, 412, 412, 412);
    assertThat(admin().get("/admin/tenants/" + tenant.slug()).header("ETag")).isEqualTo("\"2\"");
  }

  @Test
  void changesBillingResidencyAndContacts() throws Exception {
    Tenant tenant = openTenant("edited");
    Response answer =
        patch(
            tenant,
            1,
            """
            {'name': 'Renamed', 'businessNumber': '%s',
             'residency': {'country': 'KR', 'minCsapZone': 'medium'},
             'contacts': {'billing': {'email': 'money@example.com', 'name': 'Kim'}}}
            """
                .formatted(BusinessNumbers.of(slug("other"))),
            200);
    assertThat(answer.header("ETag")).isEqualTo("\"2\"");
    assertThat(fact(tenant, 2).at("/residency/minCsapZone").asText()).isEqualTo("medium");
    assertThat(fact(tenant, 2).toString()).doesNotContain("money@example.com");
    long events = Database.changes();
    assertThat(patch(tenant, 2, "{'name': 'Renamed'}", 200).header("ETag")).isEqualTo("\"2\"");
    assertThat(Database.changes()).isEqualTo(events);
    assertThat(patch(tenant, 2, "{'residency': null}", 200).jsonPath().getMap("residency"))
        .isNull();

    Response bad =
        patch(
            tenant,
            3,
            """
            {'billingMode': 'SHOWBACK', 'businessNumber': '000-00-00016', 'name': null,
             'residency': {'country': 'Korea', 'minCsapZone': 'highest'},
             'contacts': {'billing': {'email': 'nobody'}},
             'suspensionPolicy': {'running': 'STOP_AFTER'}}
            """,
            400);
    assertThat(bad.jsonPath().getList("errors.pointer"))
        .contains("/name", "/contacts/billing/email");
    Response rules =
        patch(
            tenant,
            3,
            """
            {'billingMode': 'SHOWBACK', 'businessNumber': '000-00-00016',
             'residency': {'country': 'Korea', 'minCsapZone': 'highest'},
             'suspensionPolicy': {'running': 'STOP_AFTER'}}
            """,
            400);
    assertThat(rules.jsonPath().getList("errors.pointer"))
        .containsExactlyInAnyOrder(
            "/billingMode",
            "/businessNumber",
            "/residency/country",
            "/residency/minCsapZone",
            "/suspensionPolicy/noticeHours");
    refused(
        json(admin().header("If-Match", "\"3\""), "{'slug': 'other'}")
            .patch("/admin/tenants/" + tenant.slug()),
        400,
        "UNKNOWN_FIELD");
    refused(
        json(admin(), "{'name': 'X'}").patch("/admin/tenants/" + tenant.slug()),
        428,
        "PRECONDITION_REQUIRED");
  }

  @Test
  void letsAnOwnerSayWhomToReachAndNothingElse() {
    Tenant tenant = openTenant("contacts");
    String path = "/tenants/" + tenant.slug();
    Response set =
        json(
                tenant.as("owner").header("If-Match", "\"1\""),
                "{'contacts': {'security': {'email': 'soc@example.com'}}}")
            .patch(path);
    assertThat(set.statusCode()).describedAs(set.asString()).isEqualTo(200);
    Response more =
        json(
                tenant.as("owner").header("If-Match", "\"2\""),
                "{'contacts': {'technical': {'email': 'ops@example.com', 'phone': '+82 2 1234'}}}")
            .patch(path);
    assertThat(more.jsonPath().getString("contacts.security.email")).isEqualTo("soc@example.com");
    assertThat(more.jsonPath().getString("contacts.technical.phone")).isEqualTo("+82 2 1234");
    Response less =
        json(tenant.as("owner").header("If-Match", "\"3\""), "{'contacts': {'security': null}}")
            .patch(path);
    assertThat(less.jsonPath().getMap("contacts.security")).isNull();
    Response none =
        refused(
            json(tenant.as("owner").header("If-Match", "\"4\""), "{'contacts': null}").patch(path),
            400,
            "VALIDATION_FAILED");
    assertThat(none.jsonPath().getList("errors.pointer")).containsExactly("/contacts");
    assertThat(none.jsonPath().getString("errors[0].detail")).contains("{\"technical\": null}");
    refused(
        json(tenant.as("owner").header("If-Match", "\"4\""), "{'name': 'Mine'}").patch(path),
        400,
        "UNKNOWN_FIELD");
    refused(
        json(
                tenant.as("owner").header("If-Match", "\"3\""),
                "{'contacts': {'billing': {'email': 'a@example.com'}}}")
            .patch(path),
        412,
        "VERSION_MISMATCH");
  }

  @Test
  void movesATenantWithAllBelowItAndRefusesCycles() {
    String group = open("grp", "GROUP", null);
    String north = open("north", "SUBSIDIARY", group);
    String south = open("south", "SUBSIDIARY", group);
    String division = open("division", "SUBSIDIARY", north);

    Response moved =
        json(admin().header("If-Match", "\"1\""), "{'parent': '%s'}".formatted(south))
            .patch("/admin/tenants/" + division);
    assertThat(moved.statusCode()).describedAs(moved.asString()).isEqualTo(200);
    assertThat(moved.jsonPath().getString("parentId"))
        .isEqualTo(admin().get("/admin/tenants/" + south).jsonPath().getString("id"));
    assertThat(moved.jsonPath().getString("parent")).isEqualTo(south);

    Response cycle =
        refused(
            json(admin().header("If-Match", "\"1\""), "{'parent': '%s'}".formatted(division))
                .patch("/admin/tenants/" + south),
            422,
            "UNPROCESSABLE");
    assertThat(cycle.jsonPath().getList("errors.pointer")).contains("/parent");
    assertThat(cycle.asString()).contains("would be its own ancestor");
    assertThat(
            refused(
                    json(admin().header("If-Match", "\"1\""), "{'parent': '%s'}".formatted(north))
                        .patch("/admin/tenants/" + south),
                    422,
                    "UNPROCESSABLE")
                .asString())
        .contains("at most 3 levels");
    assertThat(
            refused(
                    json(admin().header("If-Match", "\"1\""), "{'parent': null}")
                        .patch("/admin/tenants/" + south),
                    400,
                    "VALIDATION_FAILED")
                .jsonPath()
                .getList("errors.pointer"))
        .containsExactly("/parent");
    assertThat(
            refused(
                    json(admin().header("If-Match", "\"1\""), "{'parent': 'nowhere'}")
                        .patch("/admin/tenants/" + south),
                    422,
                    "UNPROCESSABLE")
                .asString())
        .contains("no tenant has the slug");
  }

  @Test
  void isClosedByItselfOnceEveryServiceIsDone() {
    Tenant tenant = openTenant("closing");

    Response closing =
        json(tenant.as("owner").header("If-Match", "\"1\""), "{'reason': 'The contract ended.'}")
            .post("/tenants/" + tenant.slug() + "/close");
    assertThat(closing.statusCode()).describedAs(closing.asString()).isEqualTo(200);

    assertThat(closing.jsonPath().getList("closingBlockers.code"))
        .containsExactly("NOT_REPORTED", "NOT_REPORTED");
    refused(
        json(withKey(tenant.as("owner")), "{'slug': 'late'}")
            .post("/tenants/" + tenant.slug() + "/projects"),
        409,
        "STATE_CONFLICT");
    report(Topics.BILLING_CLOSINGS, "billing-service", tenant, 1, "");
    report(
        Topics.INVENTORY_CLOSINGS,
        "inventory-service",
        tenant,
        1,
        "{\"code\":\"INSTANCES\",\"detail\":\"2 instances are not deleted.\"}");
    Api.await(
        () -> show(tenant).jsonPath().getList("closingBlockers.code").equals(List.of("INSTANCES")));
    assertThat(show(tenant).jsonPath().getString("closingBlockers[0].detail"))
        .isEqualTo("2 instances are not deleted.");

    report(Topics.INVENTORY_CLOSINGS, "inventory-service", tenant, 2, "");

    Api.await(() -> show(tenant).jsonPath().getString("state").equals("CLOSED"));
    assertThat(show(tenant).jsonPath().getString("stateReason"))
        .isEqualTo("No instance is left and every invoice is settled.");
    Response history = tenant.as("owner").get("/tenants/" + tenant.slug() + "/history");
    assertThat(history.jsonPath().getList("items.action"))
        .containsExactly("open", "close", "finish");
    assertThat(history.jsonPath().getString("items[2].actor")).isEqualTo("system");
    refused(
        json(admin().header("If-Match", "\"3\""), "{'name': 'Back'}")
            .patch("/admin/tenants/" + tenant.slug()),
        409,
        "STATE_CONFLICT");
  }

  @Test
  void isClosedAfterThoseBelowIt() {
    String group = open("grp", "GROUP", null);
    String below = open("below", "SUBSIDIARY", group);
    Response answer =
        refused(
            json(admin().header("If-Match", "\"1\""), "{'reason': 'Sold.'}")
                .post("/admin/tenants/" + group + "/close"),
            409,
            "STATE_CONFLICT");
    assertThat(answer.jsonPath().getList("params.openBelow")).containsExactly(below);
  }

  private static void report(
      String topic, String service, Tenant tenant, long sequence, String blockers) {
    TestKafka.send(
        TestKafka.Event.of(
            "/" + service,
            topic,
            tenant.id(),
            EventTypes.INVENTORY_CLOSING_REPORTED,
            tenant.id(),
            sequence,
            """
            {"tenantId":"%s","service":"%s","blockers":[%s],"at":"2026-11-28T09:00:00Z"}"""
                .formatted(tenant.id(), service, blockers)));
  }

  private static Response show(Tenant tenant) {
    return tenant.as("owner").get("/tenants/" + tenant.slug());
  }

  private static Response move(Tenant tenant, int version, String action, String body, int status) {
    Response answer =
        json(admin().header("If-Match", "\"" + version + "\""), body)
            .post("/admin/tenants/" + tenant.slug() + "/" + action);
    assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(status);
    return answer;
  }

  private static Response patch(Tenant tenant, int version, String body, int status) {
    Response answer =
        json(admin().header("If-Match", "\"" + version + "\""), body)
            .patch("/admin/tenants/" + tenant.slug());
    assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(status);
    return answer;
  }

  private static JsonNode fact(Tenant tenant, int version) throws Exception {
    return JSON.readTree(
        TestKafka.await(
                Topics.TENANTS, version, PATIENCE, record -> tenant.id().equals(record.key()))
            .get(version - 1)
            .value());
  }

  private static String open(String base, String kind, String parent) {
    String slug = slug(base);
    String more =
        parent == null ? "" : ", 'parent': '%s', 'billingMode': 'SHOWBACK'".formatted(parent);
    Response answer =
        json(
                withKey(admin()),
                "{'slug': '%s', 'name': 'A %s', 'kind': '%s'%s}".formatted(slug, base, kind, more))
            .post("/admin/tenants");
    assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(201);
    return slug;
  }
}
