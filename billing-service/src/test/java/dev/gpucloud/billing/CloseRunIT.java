package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.approver;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.eventually;
import static dev.gpucloud.billing.fixture.World.finance;
import static dev.gpucloud.billing.fixture.World.move;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.FakeInventory;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.Collections;
import java.util.HashSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A month closed over all accounts: by one walk at a time, as far as it comes, and again. */
@QuarkusTest
class CloseRunIT extends AfterTheMonth {
  private static final String CLOSED = "2026-06";
  private static final String RESUMED = "2026-05";
  private static final String AT_ONCE = "2026-04";

  @Inject Scheduler scheduler;

  private static World used(String day) {
    World world = World.external();
    world.ran("a", 8, day + "T09:00:00", day + "T10:00:00");
    world.awaitEvents(5);
    return world;
  }

  private static String path(String month) {
    return "/api/v1/finance/billing-months/" + month + "/close";
  }

  private static Response close(String month) {
    return finance().header("Idempotency-Key", UUID.randomUUID().toString()).post(path(month));
  }

  private static void awaitWalk(String month) {
    eventually(
        () -> auditor().get(path(month)).then().extract().path("operation.state").equals("DONE"));
  }

  private static String standing(World world, String month) {
    String standings = "/api/v1/finance/billing-months/" + month + "/accounts?pageSize=1000";
    return auditor()
        .get(standings)
        .then()
        .statusCode(200)
        .extract()
        .path("items.find { it.accountId == '%s' }.standing".formatted(world.account()));
  }

  private static String invoice(World world, String month) {
    return "inv_"
        + TestDatabase.value(
            "select id from invoice where account_id = '%s' and month = '%s'"
                .formatted(world.account(), month));
  }

  /** Somebody else walks, so that nothing moves until the lease is given back. */
  private static void walkedElsewhere() {
    TestDatabase.update(
        """
        insert into lease (name, holder, epoch, expires_at)
        values ('close-runs', 'another', 1, now() + interval '1 hour')
        on conflict (name) do update set holder = 'another',
          expires_at = now() + interval '1 hour'""");
  }

  private static void theOtherDied() {
    TestDatabase.update(
        "update lease set expires_at = now() - interval '1 second' where name = 'close-runs'");
  }

  @Test
  void aCloseBeginsWhenItIsAskedForAndNotAtTheNextLook() {
    World world = used("2026-04-10");
    scheduler.pause();
    try {
      close(AT_ONCE).then().statusCode(202);
      awaitWalk(AT_ONCE);
    } finally {
      scheduler.resume();
    }
    assertThat(standing(world, AT_ONCE)).isEqualTo("DRAFT");
  }

  @Test
  void aMonthIsClosedOnceEveryAccountIsDone() throws Exception {
    World world = used("2026-06-10");
    walkedElsewhere();
    var operations = new HashSet<String>();
    try (var threads = Executors.newFixedThreadPool(4)) {
      Callable<String> asked =
          () ->
              close(CLOSED)
                  .then()
                  .statusCode(202)
                  .header("Location", endsWith(path(CLOSED)))
                  .body("state", equalTo("OPEN"))
                  .extract()
                  .path("operation.id");
      for (Future<String> f : threads.invokeAll(Collections.nCopies(4, asked))) {
        operations.add(f.get());
      }
    }
    assertThat(operations).singleElement().asString().startsWith("op_");
    assertThat(standing(world, CLOSED)).isEqualTo("NOT_STARTED");
    theOtherDied();
    awaitWalk(CLOSED);

    assertThat(standing(world, CLOSED)).isEqualTo("DRAFT");
    String invoice = invoice(world, CLOSED);
    auditor()
        .get("/api/v1/finance/invoices/" + invoice)
        .then()
        .body("supplyValue.amount", equalTo("57600"))
        .body("preparedBy", equalTo("fin-1"));
    close(CLOSED).then().statusCode(202);
    awaitWalk(CLOSED);
    assertThat(invoice(world, CLOSED)).isEqualTo(invoice);

    move(finance(), invoice, "submit").then().statusCode(200);
    move(approver(), invoice, "approve").then().statusCode(200);
    close(CLOSED).then().statusCode(202);
    awaitWalk(CLOSED);
    auditor()
        .get("/api/v1/finance/invoices/" + invoice)
        .then()
        .body("state", equalTo("ISSUED"))
        .body("number", startsWith(CLOSED + "-0"));
    assertThat(count("select count(*) from ledger_transaction where document = '%s'", invoice))
        .isEqualTo(2);
    auditor()
        .get(path(CLOSED))
        .then()
        .body("state", equalTo("CLOSED"))
        .body("percent", equalTo(100))
        .body("closedBy", equalTo("fin-1"))
        .body("standings.ISSUED", equalTo(1));

    close(CLOSED).then().statusCode(409).body("code", equalTo("STATE_CONFLICT"));
    World late = used("2026-06-11");
    late.draft(CLOSED)
        .then()
        .statusCode(409)
        .body("code", equalTo("MONTH_NOT_READY"))
        .body("params.blockers.code", contains("MONTH_CLOSED"));
    assertThatThrownBy(
            () ->
                TestDatabase.update(
                    "update billing_month set state = 'OPEN', closed_at = null where month = '%s'"
                        .formatted(CLOSED)))
        .hasStackTraceContaining("is closed");
  }

  @Test
  void aWalkThatDiedIsGoneOnWithWhereItStopped() {
    World before = used("2026-05-10");
    World after = used("2026-05-11");
    World blocked = World.external();
    World.Run future = blocked.new Run("x", "future.1x", "future-gpu", 1);
    TestKafka.send(
        future.event("instance.started", "2026-05-12T09:00:00"),
        future.event("instance.stopped", "2026-05-12T10:00:00"));
    blocked.awaitEvents(2);
    UUID run = Ids.next();
    walkedElsewhere();
    TestDatabase.update(
        "insert into billing_month (month, state) values ('%s', 'OPEN')".formatted(RESUMED));
    TestDatabase.update(
        """
        insert into close_run (id, month, state, started_by, started_name, started_at)
        values ('%s', '%s', 'RUNNING', 'fin-9', 'fin-9', now())"""
            .formatted(run, RESUMED));
    TestDatabase.update(
        """
        insert into close_account
          (tenant_id, account_id, month, run_id, standing, reason, at)
        select tenant_id, id, '%s', '%s', 'BLOCKED', 'as it was', now()
        from billing_account where id = '%s'"""
            .formatted(RESUMED, run, before.account()));

    theOtherDied();
    awaitWalk(RESUMED);

    assertThat(standing(before, RESUMED)).isEqualTo("BLOCKED");
    assertThat(standing(after, RESUMED)).isEqualTo("DRAFT");
    assertThat(standing(blocked, RESUMED)).isEqualTo("BLOCKED");
    auditor()
        .get("/api/v1/finance/billing-months/" + RESUMED + "/accounts?standing=BLOCKED")
        .then()
        .statusCode(200)
        .body(
            "items.find { it.accountId == '%s' }.reason".formatted(blocked.account()),
            containsString("MONTH_NOT_READY"));
    auditor()
        .get(path(RESUMED))
        .then()
        .body("state", equalTo("OPEN"))
        .body("operation.startedBy", equalTo("fin-9"));
    close(RESUMED).then().statusCode(202);
    awaitWalk(RESUMED);
    assertThat(standing(before, RESUMED)).isEqualTo("DRAFT");
    assertThat(
            count(
                "select count(*) from invoice where month = '%s' and account_id in ('%s', '%s')",
                RESUMED, before.account(), after.account()))
        .isEqualTo(2);
  }

  @Test
  void whatFailsForOneAccountOfABatchHoldsUpNoOther() {
    World well = used("2026-04-10");
    World unheard = used("2026-04-11");
    FakeInventory.answers("ten_" + unheard.tenant, null);

    close("2026-04").then().statusCode(202);
    awaitWalk("2026-04");

    assertThat(standing(well, "2026-04")).isEqualTo("DRAFT");
    assertThat(standing(unheard, "2026-04")).isEqualTo("BLOCKED");
    auditor()
        .get("/api/v1/finance/billing-months/2026-04/accounts?standing=BLOCKED&pageSize=1000")
        .then()
        .statusCode(200)
        .body(
            "items.find { it.accountId == '%s' }.reason".formatted(unheard.account()),
            containsString("UPSTREAM_UNAVAILABLE"));

    FakeInventory.answers("ten_" + unheard.tenant, "{\"items\": []}");
    close("2026-04").then().statusCode(202);
    awaitWalk("2026-04");
    assertThat(standing(unheard, "2026-04")).isEqualTo("DRAFT");
    assertThat(
            count(
                "select count(*) from invoice where month = '2026-04' and account_id in ('%s', '%s')",
                well.account(), unheard.account()))
        .isEqualTo(2);
    assertThat(
            count(
                "select count(*) from invoice_history h join invoice i on i.id = h.invoice_id"
                    + " where i.month = '2026-04' and i.account_id = '%s'",
                unheard.account()))
        .isEqualTo(1);
  }

  @Test
  void whatCannotBeClosedSaysWhy() {
    close("2027-01")
        .then()
        .statusCode(409)
        .body("code", equalTo("MONTH_NOT_READY"))
        .body("params.endsAt", equalTo("2027-01-31T15:00:00Z"));
    close("2026-00").then().statusCode(400).body("errors[0].pointer", equalTo("month"));
    finance().post(path(CLOSED)).then().statusCode(400);
    auditor()
        .get("/api/v1/finance/billing-months/2026-06/accounts?standing=LOST")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("standing"));
  }
}
