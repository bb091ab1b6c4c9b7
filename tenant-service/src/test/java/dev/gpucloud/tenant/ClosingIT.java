package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.answered;
import static dev.gpucloud.tenant.fixture.Api.await;
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
import static dev.gpucloud.tenant.fixture.Grants.link;
import static dev.gpucloud.tenant.fixture.Grants.openCall;
import static dev.gpucloud.tenant.fixture.Grants.propose;
import static dev.gpucloud.tenant.fixture.Grants.review;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.Receiver;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.testsupport.TestKafka;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What ends with a tenant: nothing of a closed one holds capacity any more. */
@TenantService
class ClosingIT {
  private static final String MODEL = "b200-sxm-180g";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String INSTANCES =
      "{\"code\":\"INSTANCES\",\"detail\":\"2 instances are not deleted.\"}";

  @Test
  void whoClosesGivesItsAwardToTheNextOnceItHoldsNothing() {
    String call = openCall("leaves", 16, "'minReviews': 1");
    Tenant leaving = openTenant("leaving");
    Tenant next = openTenant("nextinrank");
    addReviewer(call, "judge-one");
    answered(201, review("judge-one", call, apply(leaving, call, 16, 16), 90));
    answered(201, review("judge-one", call, applyFor(next, "000-00-00067", call, 16), 10));
    propose(call);
    confirm(call);
    String award = award(leaving).getString("id");
    answer(leaving, award, "accept");
    assertThat(limit(leaving)).isEqualTo(80);

    close(leaving);

    assertThat(limit(leaving)).describedAs("nothing new starts, so nothing is kept free").isZero();
    report(leaving, "inventory-service", 1, INSTANCES);
    await(() -> blockers(leaving).contains("INSTANCES"));
    afterTheKeeperLooked();
    assertThat(award(leaving).getString("state")).describedAs("still used").isEqualTo("ACTIVE");

    report(leaving, "inventory-service", 2, "");

    await(() -> award(leaving).getString("state").equals("ENDED"));
    assertThat(award(leaving).getString("endReason")).isEqualTo("TENANT_CLOSED");
    assertThat(award(leaving).getInt("raisedGpus")).isZero();
    assertThat(award(next).getString("state")).isEqualTo("OFFERED");
    assertThat(limit(leaving)).isZero();
    String ended =
        TestKafka.await(Topics.GRANTS, 4, PATIENCE, r -> r.key().equals(award)).getLast().value();
    assertThat(ended).contains("\"state\":\"ENDED\"").contains("\"endReason\":\"TENANT_CLOSED\"");
    TestKafka.await(
        Topics.AUDIT_ENTRIES,
        1,
        PATIENCE,
        r -> r.value().contains(award) && r.value().contains("tenant.grant.ended"));
    assertThat(told(leaving, "grant.ended-by-closing")).isEqualTo(1);
    assertThat(told(next, "grant.offered")).isEqualTo(1);
  }

  @Test
  void takesBackWhatIsUndecidedOrOnlyOfferedWithTheRequestToClose() {
    String open = openCall("openround", 32, "'minReviews': 1");
    String decided = openCall("decided", 16, "'minReviews': 1");
    Tenant leaving = openTenant("undecided");
    Tenant next = openTenant("undecidednext");
    addReviewer(decided, "judge-one");
    addReviewer(open, "judge-one");
    answered(201, review("judge-one", decided, apply(leaving, decided, 16, 16), 90));
    answered(201, review("judge-one", decided, applyFor(next, "000-00-00067", decided, 16), 10));
    propose(decided);
    confirm(decided);
    String application = apply(leaving, open, 32, 32);
    answered(201, review("judge-one", open, application, 90));
    propose(open);
    assertThat(given(open)).isEqualTo(32);
    String offer = award(leaving).getString("id");
    String asked =
        answered(
                201,
                json(
                        withKey(leaving.as("owner")),
                        "{'model': '%s', 'wantedGpus': 128, 'reason': 'More.'}".formatted(MODEL))
                    .post("/tenants/" + leaving.slug() + "/quota-requests"))
            .jsonPath()
            .getString("id");
    answered(
        200,
        json(
                admin().header("If-Match", "\"1\""),
                "{'limitGpus': 64, 'guaranteedGpus': 8, 'borrowLimitGpus': 8}")
            .put("/tenants/%s/quotas/%s".formatted(leaving.slug(), MODEL)));

    close(leaving);

    JsonPath quota =
        leaving
            .as("owner")
            .get("/tenants/%s/quotas/%s".formatted(leaving.slug(), MODEL))
            .jsonPath();
    assertThat(quota.getInt("limitGpus")).isZero();
    assertThat(quota.getString("guaranteedGpus")).isNull();
    JsonPath request =
        leaving
            .as("owner")
            .get("/tenants/%s/quota-requests/%s".formatted(leaving.slug(), asked))
            .jsonPath();
    assertThat(request.getString("state")).isEqualTo("WITHDRAWN");
    assertThat(request.getString("note")).isEqualTo("The tenant is being closed.");
    assertThat(given(open)).describedAs("the proposal is dropped").isZero();
    List<String> withdrawn =
        leaving
            .as("owner")
            .get("/tenants/" + leaving.slug() + "/grant-applications")
            .jsonPath()
            .getList("items.findAll { it.state == 'WITHDRAWN' }.explanation", String.class);
    assertThat(withdrawn).containsExactly("Withdrawn because the tenant is being closed.");
    await(() -> award(leaving).getString("state").equals("LAPSED"));
    assertThat(award(leaving).getString("id")).isEqualTo(offer);
    assertThat(award(leaving).getString("endReason")).isEqualTo("TENANT_CLOSED");
    assertThat(award(next).getString("state")).isEqualTo("OFFERED");
    assertThat(told(leaving, "grant.ended-by-closing")).isEqualTo(1);
  }

  @Test
  void refusesWhatAClosingTenantCannotHold() {
    String call = openCall("toolate", 16, "'minReviews': 1");
    Tenant leaving = openTenant("toolate");
    close(leaving);

    Response applied = refused(applyTo(leaving, call, 8, 8), 409, "STATE_CONFLICT");
    assertThat(applied.jsonPath().getString("detail"))
        .isEqualTo("The tenant is CLOSING and applies for nothing any more.");
    refused(link(applyWithoutTenant(call, 8), leaving), 409, "STATE_CONFLICT");
    refused(
        json(
                withKey(leaving.as("owner")),
                "{'model': '%s', 'wantedGpus': 128, 'reason': 'More.'}".formatted(MODEL))
            .post("/tenants/" + leaving.slug() + "/quota-requests"),
        409,
        "STATE_CONFLICT");
  }

  @Test
  void endsCreditsAndWebhooksWhenItIsClosed() {
    try (Receiver receiver = new Receiver()) {
      Tenant tenant = openTenant("lastword");
      answered(
          201,
          json(
                  withKey(admin()),
                  "{'name': 'startup-credit', 'amountKrw': 30000000, 'expires': '2099-03-31',"
                      + " 'reason': 'Startup programme'}")
              .post("/admin/tenants/" + tenant.slug() + "/credits"));
      String body = "{'url': '%s'}".formatted(receiver.url());
      String webhooks = "/tenants/" + tenant.slug() + "/webhooks";
      JsonPath made =
          answered(201, json(withKey(tenant.as("owner")), body).post(webhooks)).jsonPath();
      close(tenant);
      answered(201, json(withKey(tenant.as("owner")), body).post(webhooks));
      report(tenant, "inventory-service", 1, "");
      report(tenant, "billing-service", 1, "");
      await(() -> state(tenant).equals("CLOSED"));

      JsonPath credits =
          tenant.as("billing").get("/tenants/" + tenant.slug() + "/credits").jsonPath();
      assertThat(credits.getString("items[0].state")).isEqualTo("WITHDRAWN");
      assertThat(credits.getString("items[0].withdrawnReason")).isEqualTo("The tenant is closed.");
      assertThat(told(tenant, "credit.withdrawn")).isEqualTo(1);
      await(() -> received(receiver, "tenant.closed") == 2);
      assertThat(received(receiver, "credit.withdrawn")).isEqualTo(2);
      Response late =
          refused(json(withKey(tenant.as("owner")), body).post(webhooks), 409, "STATE_CONFLICT");
      assertThat(late.jsonPath().getString("detail"))
          .isEqualTo("The tenant is CLOSED; its webhooks are told nothing any more.");
      String one = webhooks + "/" + made.getString("id");
      refused(
          json(tenant.as("owner").header("If-Match", "\"1\""), body).put(one),
          409,
          "STATE_CONFLICT");
      refused(withKey(tenant.as("owner")).post(one + "/test"), 409, "STATE_CONFLICT");
      refused(withKey(tenant.as("owner")).post(one + "/rotate"), 409, "STATE_CONFLICT");
      overdue(tenant);
      await(() -> told(tenant, "invoice.overdue") == 1);
      assertThat(dispatchesOf(tenant, "invoice.overdue", "WEBHOOK")).isZero();
      assertThat(dispatchesOf(tenant, "invoice.overdue", "MAIL")).isPositive();
    }
  }

  private static void close(Tenant tenant) {
    answered(
        200,
        json(tenant.as("owner").header("If-Match", "\"1\""), "{'reason': 'The contract ended.'}")
            .post("/tenants/" + tenant.slug() + "/close"));
  }

  private static void report(Tenant tenant, String service, int sequence, String blockers) {
    boolean isInventory = service.equals("inventory-service");
    TestKafka.send(
        TestKafka.Event.of(
            "/" + service,
            isInventory ? Topics.INVENTORY_CLOSINGS : Topics.BILLING_CLOSINGS,
            tenant.id(),
            isInventory
                ? EventTypes.INVENTORY_CLOSING_REPORTED
                : EventTypes.BILLING_CLOSING_REPORTED,
            tenant.id(),
            sequence,
            """
            {"tenantId":"%s","service":"%s","blockers":[%s],"at":"2026-11-28T09:00:00Z"}"""
                .formatted(tenant.id(), service, blockers)));
  }

  private static void overdue(Tenant tenant) {
    String invoice = "inv_" + UUID.randomUUID();
    TestKafka.send(
        TestKafka.Event.of(
            "billing-service",
            Topics.INVOICES,
            invoice,
            "invoice.overdue",
            tenant.id(),
            1,
            """
            {"invoiceId":"%s","tenantId":"%s","number":"2026-11-000124","month":"2026-11",\
            "totalKrw":1100,"openKrw":1100,"dueOn":"2026-12-10","step":"REMINDER","daysLate":1,\
            "at":"2026-12-11T01:00:00Z"}"""
                .formatted(invoice, tenant.id())));
  }

  /** The keeper looks each half a second in tests. */
  private static void afterTheKeeperLooked() {
    try {
      Thread.sleep(1500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonPath award(Tenant tenant) {
    Response list = tenant.as("owner").get("/tenants/" + tenant.slug() + "/grant-awards");
    return JsonPath.from(answered(200, list).asString()).setRootPath("items[0]");
  }

  private static void answer(Tenant tenant, String award, String what) {
    answered(
        200,
        tenant
            .as("owner")
            .header("If-Match", "\"2\"")
            .post("/tenants/%s/grant-awards/%s/%s".formatted(tenant.slug(), award, what)));
  }

  private static int limit(Tenant tenant) {
    return tenant
        .as("viewer")
        .get("/tenants/%s/quotas/%s".formatted(tenant.slug(), MODEL))
        .jsonPath()
        .getInt("limitGpus");
  }

  private static long given(String call) {
    return Database.number(
        "select sum(given) from grant_pool where call_id = '%s'".formatted(call.substring(4)));
  }

  private static String state(Tenant tenant) {
    return tenant.as("owner").get("/tenants/" + tenant.slug()).jsonPath().getString("state");
  }

  private static List<String> blockers(Tenant tenant) {
    return tenant
        .as("owner")
        .get("/tenants/" + tenant.slug())
        .jsonPath()
        .getList("closingBlockers.code", String.class);
  }

  private static int told(Tenant tenant, String kind) {
    return tenant
        .as("owner")
        .get("/tenants/" + tenant.slug() + "/notifications?kind=" + kind)
        .jsonPath()
        .getList("items")
        .size();
  }

  private static long received(Receiver receiver, String kind) {
    return receiver.messages().stream()
        .filter(message -> message.body().contains("\"" + kind + "\""))
        .count();
  }

  private static long dispatchesOf(Tenant tenant, String kind, String channel) {
    return Database.number(
        """
        select count(*) from notification_dispatch d
        join notification n on n.notification_id = d.notification_id
        where n.tenant_id = '%s' and n.kind = '%s' and d.channel = '%s'"""
            .formatted(tenant.uuid(), kind, channel));
  }
}
