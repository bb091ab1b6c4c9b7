package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.approver;
import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.finance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.TestDatabase;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A note that is taken back before it is issued leaves nothing behind but that it was there. */
@QuarkusTest
class NoteWithdrawalIT extends AfterTheMonth {
  private static final String NOTES = "/api/v1/finance/notes/";
  private static final String NEXT = "2026-12";

  private World world;
  private World.Run run;
  private String number;

  /** 8 GPUs for 10 hours at 7,200 won, alive on to the end of the month: 240 h. */
  @BeforeEach
  void anIssuedMonth() {
    world = World.external();
    run = world.runs("late", 8, "2026-11-21T00:00:00", "2026-12-31T23:59:59.999");
    String id = world.issued(MONTH);
    number =
        auditor()
            .get("/api/v1/finance/invoices/" + id)
            .then()
            .body("supplyValue.amount", equalTo("13824000"))
            .extract()
            .path("number");
  }

  private Response prepare(String body) {
    return finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(body)
        .post("/api/v1/finance/invoices/" + number + "/notes");
  }

  private String lateNote() {
    return prepare("{\"kind\":\"LATE_USAGE\",\"why\":\"the stop came late\"}")
        .then()
        .statusCode(201)
        .body("supplyValue.amount", equalTo("-13248000"))
        .extract()
        .path("id");
  }

  private static Response decide(RequestSpecification by, String note, String action) {
    String etag = auditor().get(NOTES + note).then().extract().header("ETag");
    return by.header("If-Match", etag)
        .body("{\"comment\":\"c\"}")
        .post(NOTES + note + "/" + action);
  }

  private long traces(String note) {
    return count(
        """
        select (select count(*) from ledger_transaction where document = '%1$s')
          + (select count(*) from tax_document where note_id = '%2$s')
          + (select count(*) from late_usage where note_id = '%2$s')""",
        note, note.substring(4));
  }

  private void stopsAfterTenHours() {
    world.stopped(run, "2026-11-21T10:00:00");
  }

  @Test
  void lateUsageOfAWithdrawnNoteIsThereToBeSettledByAnother() {
    world.latePolicy("AMENDED");
    stopsAfterTenHours();
    String mine = "items.find { it.invoiceNumber == '" + number + "' }";
    String first = lateNote();
    assertThat(traces(first)).isEqualTo(1);
    auditor()
        .get("/api/v1/finance/late-usage?pageSize=1000")
        .then()
        .body(mine + ".settlingNote", equalTo(first));

    decide(finance(), first, "withdraw")
        .then()
        .statusCode(200)
        .body("state", equalTo("WITHDRAWN"))
        .body("number", nullValue())
        .body("comment", equalTo("c"));

    assertThat(traces(first)).isZero();
    auditor()
        .get("/api/v1/finance/late-usage?pageSize=1000")
        .then()
        .body(mine + ".settlingNote", nullValue())
        .body(mine + ".change.amount", equalTo("-13248000"));
    String second = lateNote();
    decide(approver(), second, "approve")
        .then()
        .statusCode(200)
        .body("number", equalTo(number + "-C01"));
    auditor()
        .get("/api/v1/finance/invoices/" + number + "/notes")
        .then()
        .statusCode(200)
        .body("items.findAll { it.state == 'ISSUED' }.id", contains(second))
        .body("items", hasSize(2));
    world.draft(NEXT).then().statusCode(201).body("lines", hasSize(0));
  }

  @Test
  void whatANoteGaveBackTheNextInvoiceCharges() {
    world.latePolicy("AMENDED");
    stopsAfterTenHours();
    String note = lateNote();
    decide(finance(), note, "withdraw").then().statusCode(200);
    finance()
        .header("If-Match", "\"1\"")
        .body("{\"way\":\"NEXT_INVOICE\"}")
        .put(world.accountPath("late-usage-policy"))
        .then()
        .statusCode(200);

    world
        .draft(NEXT)
        .then()
        .statusCode(201)
        .body("lines.category", contains("CORRECTION"))
        .body("supplyValue.amount", equalTo("-13248000"));
  }

  @Test
  void aWithdrawnNoteIsFinalAndAnIssuedOneIsNotWithdrawn() {
    String sla =
        "{\"kind\":\"SLA\",\"amountKrw\":\"1000\",\"why\":\"w\","
            + "\"periodFrom\":\"2026-11-22\",\"periodTo\":\"2026-11-22\"}";
    String withdrawn = prepare(sla).then().statusCode(201).extract().path("id");
    String etag = auditor().get(NOTES + withdrawn).then().extract().header("ETag");
    finance().body("{}").post(NOTES + withdrawn + "/withdraw").then().statusCode(428);
    finance()
        .header("If-Match", "\"9\"")
        .body("{}")
        .post(NOTES + withdrawn + "/withdraw")
        .then()
        .statusCode(412);
    auditor()
        .header("If-Match", etag)
        .body("{}")
        .post(NOTES + withdrawn + "/withdraw")
        .then()
        .statusCode(403);
    decide(approver(), withdrawn, "withdraw").then().statusCode(200);
    for (String action : new String[] {"withdraw", "approve"}) {
      decide(approver(), withdrawn, action)
          .then()
          .statusCode(409)
          .body("code", equalTo("STATE_CONFLICT"));
    }
    assertThat(traces(withdrawn)).isZero();
    assertThatThrownBy(
            () ->
                TestDatabase.update(
                    "update invoice_note set state = 'IN_REVIEW' where id = '%s'"
                        .formatted(withdrawn.substring(4))))
        .hasStackTraceContaining("is final");

    String issued = prepare(sla).then().statusCode(201).extract().path("id");
    decide(approver(), issued, "approve").then().statusCode(200);
    decide(finance(), issued, "withdraw").then().statusCode(409);
    as(world.owner)
        .get("/api/v1/tenants/" + world.slug + "/invoices/" + number)
        .then()
        .statusCode(200)
        .body("notes.id", contains(issued))
        .body("noted.amount", equalTo("-1100"));
  }
}
