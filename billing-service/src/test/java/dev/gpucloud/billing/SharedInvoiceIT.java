package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.AfterIssue.approved;
import static dev.gpucloud.billing.fixture.AfterIssue.prepare;
import static dev.gpucloud.billing.fixture.AfterIssue.prepared;
import static dev.gpucloud.billing.fixture.AfterIssue.sla;
import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Two tenants of one company: the document is the first one's, and each sees its own lines. */
@QuarkusTest
class SharedInvoiceIT extends AfterTheMonth {

  /** The tenant it was issued to, one that shares it, and its number. */
  private record Shared(World first, World second, String number) {
    String of(World reader) {
      return "/api/v1/tenants/" + reader.slug + "/invoices/" + number;
    }
  }

  /** An hour on 8 GPUs of the first, an hour on one GPU of the second, and a fee of the account. */
  private static Shared shared() {
    World first = World.external();
    World second = World.external();
    second.paidBy(first);
    first.agreed(
        "fee-1",
        "MONTHLY_FEE",
        "\"from\":\"2026-11-01\",\"until\":\"2026-11-30\"",
        "{\"amountKrwPerMonth\":\"1000000\"}");
    hour(first, 8);
    hour(second, 1);
    first.awaitEvents(2);
    second.awaitEvents(2);
    String id = first.issued(MONTH);
    return new Shared(
        first,
        second,
        auditor().get("/api/v1/finance/invoices/" + id).then().extract().path("number"));
  }

  private static void hour(World world, int gpus) {
    World.Run run = world.b200("r" + gpus, gpus);
    TestKafka.send(
        run.event("instance.started", "2026-11-02T09:00:00"),
        run.event("instance.stopped", "2026-11-02T10:00:00"));
  }

  @Test
  void eachSeesItsOwnLinesAndAmountsAndTheFirstTheWhole() {
    Shared shared = shared();

    as(shared.second.billingViewer)
        .get(shared.of(shared.second))
        .then()
        .statusCode(200)
        .body("part", equalTo(true))
        .body("tenant.slug", equalTo(shared.first.slug))
        .body("lines", hasSize(1))
        .body("lines[0].project.id", equalTo("prj_" + shared.second.project))
        .body("lines[0].details", hasSize(1))
        .body("lines[0].details[0].instance.name", equalTo("r1"))
        .body("supplyValue.amount", equalTo("7200"))
        .body("vat.amount", equalTo("720"))
        .body("total.amount", equalTo("7920"))
        .body("due.amount", equalTo("7920"))
        .body("history", nullValue())
        .body("commitments", nullValue());
    as(shared.second.owner)
        .get("/api/v1/tenants/" + shared.second.slug + "/invoices")
        .then()
        .statusCode(200)
        .body("items", hasSize(1))
        .body("items[0].number", equalTo(shared.number))
        .body("items[0].part", equalTo(true))
        .body("items[0].total.amount", equalTo("7920"));
    as(shared.first.owner)
        .get(shared.of(shared.first))
        .then()
        .statusCode(200)
        .body("part", equalTo(false))
        .body("lines", hasSize(3))
        .body("supplyValue.amount", equalTo("1064800"))
        .body("total.amount", equalTo("1171280"));
  }

  @Test
  void aPartHasABreakdownAndLinesToTakeAwayButNoDocumentOfItsOwn() {
    Shared shared = shared();
    String path = shared.of(shared.second);

    as(shared.second.owner)
        .get(path + "/breakdown")
        .then()
        .statusCode(200)
        .body("parts", hasSize(1))
        .body("total.amount", equalTo("7920"));
    auditor()
        .get("/api/v1/finance/invoices/" + shared.number + "/breakdown")
        .then()
        .body("parts.key", hasItems(shared.first.slug + ".p", shared.second.slug + ".p"))
        .body(
            "parts.find { it.key == '%s.p' }.total.amount".formatted(shared.second.slug),
            equalTo("7920"));
    assertThat(second(shared, "/csv").statusCode(200).extract().asString())
        .contains("7200")
        .doesNotContain("57600")
        .doesNotContain("1000000");
    assertThat(second(shared, "/focus.csv").statusCode(200).extract().asString())
        .contains("prj_" + shared.second.project)
        .doesNotContain("prj_" + shared.first.project);
    for (String whole : new String[] {"/pdf", "/tax-document", "/payments"}) {
      second(shared, whole)
          .statusCode(409)
          .body("code", equalTo("STATE_CONFLICT"))
          .body("detail", containsString("issued to another tenant of your business number"))
          .body("detail", not(containsString(shared.first.slug)));
    }
    as(shared.second.viewer).get(path).then().statusCode(403);
    World stranger = World.external();
    as(stranger.owner).get(shared.of(stranger)).then().statusCode(404);
    as(stranger.owner).get(path).then().statusCode(404);
  }

  @Test
  void theDatabaseShowsEachRoleItsOwnLinesAlone() throws SQLException {
    Shared shared = shared();
    String lines =
        "select count(*) from invoice_line l join invoice i on i.id = l.invoice_id where i.number = '%s'"
            .formatted(shared.number);

    assertThat(seen(shared.first, lines)).isEqualTo(3);
    assertThat(seen(shared.second, lines)).isEqualTo(1);
    assertThat(seen(World.external(), lines)).isZero();
    assertThat(seen(shared.second, "select count(*) from invoice_history")).isZero();
    assertThat(
            seen(
                shared.second,
                "select count(*) from invoice where number <> '%s'".formatted(shared.number)))
        .isZero();
  }

  @Test
  void whoUsedNothingHasNoPartUntilALateRunOfItsOwnIsCharged() {
    World first = World.external();
    World idle = World.external();
    idle.paidBy(first);
    hour(first, 8);
    first.awaitEvents(2);
    String id = first.issued(MONTH);
    String number = auditor().get("/api/v1/finance/invoices/" + id).then().extract().path("number");
    var shared = new Shared(first, idle, number);
    String all = "/api/v1/tenants/" + idle.slug + "/invoices";

    as(idle.owner).get(all).then().statusCode(200).body("items", hasSize(0));
    for (String what : new String[] {"", "/csv", "/breakdown", "/pdf"}) {
      second(shared, what).statusCode(404);
    }

    first.latePolicy("AMENDED");
    World.Run late = idle.b200("late", 1);
    TestKafka.send(
        late.event("instance.started", "2026-11-03T09:00:00"),
        late.event("instance.stopped", "2026-11-03T10:00:00"));
    idle.awaitEvents(2);
    approved(prepared(number, "{\"kind\":\"LATE_USAGE\",\"why\":\"w\"}"));

    as(idle.owner)
        .get(all)
        .then()
        .body("items", hasSize(1))
        .body("items[0].total.amount", equalTo("0"))
        .body("items[0].noted.amount", equalTo("7920"));
    second(shared, "").statusCode(200).body("notes", hasSize(1));
  }

  /** 10 % of 1,064,800 won, of which 7,200 are the second tenant's. */
  @Test
  void eachSeesOfANoteWhatIsAboutItsOwnUsage() {
    Shared shared = shared();
    String note =
        approved(prepared(shared.number, sla("\"percent\":\"10\""))).extract().path("number");

    as(shared.second.billingViewer)
        .get(shared.of(shared.second))
        .then()
        .body("notes.number", contains(note))
        .body("notes[0].supplyValue.amount", equalTo("-720"))
        .body("notes[0].vat.amount", equalTo("-72"))
        .body("notes[0].lines", hasSize(1))
        .body("notes[0].lines[0].project", equalTo("prj_" + shared.second.project))
        .body("noted.amount", equalTo("-792"))
        .body("total.amount", equalTo("7920"));
    as(shared.second.owner)
        .get("/api/v1/tenants/" + shared.second.slug + "/invoices")
        .then()
        .body("items[0].noted.amount", equalTo("-792"));
    as(shared.first.owner)
        .get(shared.of(shared.first))
        .then()
        .body("notes[0].supplyValue.amount", equalTo("-106480"))
        .body("notes[0].lines.supplyValue.amount", containsInAnyOrder("-100000", "-5760", "-720"))
        .body("noted.amount", equalTo("-117128"));

    var ofNote = new Shared(shared.first, shared.second, note);
    assertThat(second(ofNote, "/csv").statusCode(200).extract().asString())
        .contains("-720", "-72")
        .doesNotContain("5760")
        .doesNotContain("100000")
        .doesNotContain("106480");
    assertThat(second(ofNote, "/focus.csv").statusCode(200).extract().asString())
        .contains("prj_" + shared.second.project)
        .doesNotContain("prj_" + shared.first.project);
    second(ofNote, "/pdf").statusCode(409).body("code", equalTo("STATE_CONFLICT"));
    World stranger = World.external();
    as(stranger.owner).get(ofNote.of(stranger) + "/csv").then().statusCode(404);
  }

  @Test
  void aNoteOfTheAccountOrOfAnothersProjectIsNotInAPart() throws SQLException {
    Shared shared = shared();
    String ofAccount = change(shared, "-10000", "");
    String ofFirst = change(shared, "-100", ofProject(shared.first));
    String ofSecond = change(shared, "-30", ofProject(shared.second));
    prepare(shared.number, sla("\"amountKrw\":\"1\",\"project\":\"prj_" + UUID.randomUUID() + "\""))
        .then()
        .statusCode(400)
        .body("errors.pointer", contains("/project"));

    as(shared.second.owner)
        .get(shared.of(shared.second))
        .then()
        .body("notes.number", contains(ofSecond))
        .body("noted.amount", equalTo("-33"));
    as(shared.first.owner)
        .get(shared.of(shared.first))
        .then()
        .body("notes.number", contains(ofAccount, ofFirst, ofSecond));
    for (String other : new String[] {ofAccount, ofFirst}) {
      second(new Shared(shared.first, shared.second, other), "/csv").statusCode(404);
    }
    assertThat(seen(shared.first, "select count(*) from invoice_note_line")).isEqualTo(3);
    assertThat(seen(shared.second, "select count(*) from invoice_note_line")).isEqualTo(1);
    assertThat(seen(shared.second, "select count(*) from invoice_note")).isEqualTo(1);
    assertThat(seen(World.external(), "select count(*) from invoice_note_line")).isZero();
  }

  private static String ofProject(World world) {
    return ",\"project\":\"prj_" + world.project + "\"";
  }

  private static String change(Shared shared, String won, String more) {
    String body = "{\"kind\":\"SUPPLY_CHANGE\",\"amountKrw\":\"%s\",\"why\":\"w\"%s}";
    return approved(prepared(shared.number, body.formatted(won, more))).extract().path("number");
  }

  /** The second tenant's run was an hour longer: 7,200 won more of it, and nothing of the first. */
  @Test
  void lateUsageOfOneIsInItsPartAlone() {
    Shared shared = shared();
    shared.first.latePolicy("AMENDED");
    World.Run late = shared.second.b200("late", 1);
    TestKafka.send(
        late.event("instance.started", "2026-11-03T09:00:00"),
        late.event("instance.stopped", "2026-11-03T10:00:00"));
    shared.second.awaitEvents(4);
    approved(prepared(shared.number, "{\"kind\":\"LATE_USAGE\",\"why\":\"w\"}"))
        .body("lines", hasSize(1))
        .body("supplyValue.amount", equalTo("7200"));

    as(shared.second.owner)
        .get(shared.of(shared.second))
        .then()
        .body("notes[0].supplyValue.amount", equalTo("7200"))
        .body("notes[0].vat.amount", equalTo("720"));
    // all of it is taken back then, late usage included
    approved(prepared(shared.number, "{\"kind\":\"DOUBLE_ISSUE\",\"why\":\"w\"}"))
        .body("supplyValue.amount", equalTo("-1072000"));
    as(shared.second.owner)
        .get(shared.of(shared.second))
        .then()
        .body("notes[1].total.amount", equalTo("-15840"))
        .body("noted.amount", equalTo("-7920"));
  }

  @Test
  void whoHasAPartIsToldOfItAndOfNothingElse() {
    Shared shared = shared();
    List<ConsumerRecord<String, String>> told =
        TestKafka.await(
            Topics.INVOICES,
            1,
            Duration.ofSeconds(20),
            r -> TestKafka.header(r, "ce_tenantid").equals("ten_" + shared.second.tenant));
    ConsumerRecord<String, String> part = told.getFirst();
    assertThat(told).hasSize(1);
    assertThat(TestKafka.header(part, "ce_type")).isEqualTo("invoice-part.issued");
    assertThat(part.key()).endsWith("/ten_" + shared.second.tenant);
    assertThat(part.value().replace(" ", ""))
        .contains(
            "\"number\":\"" + shared.number + "\"", "\"totalKrw\":7920", "\"mode\":\"EXTERNAL\"")
        .contains("ten_" + shared.second.tenant)
        .doesNotContain("ten_" + shared.first.tenant)
        .doesNotContain("1171280");
    assertThat(
            TestKafka.present(
                Topics.INVOICES,
                r ->
                    TestKafka.header(r, "ce_tenantid").equals("ten_" + shared.first.tenant)
                        && TestKafka.header(r, "ce_type").startsWith("invoice-part.")))
        .isEmpty();
  }

  @Test
  void whoHasAPartIsToldWhatANoteChangesOfIt() {
    Shared shared = shared();
    change(shared, "-10000", "");
    change(shared, "-100", ofProject(shared.first));
    String number =
        approved(prepared(shared.number, sla("\"percent\":\"10\""))).extract().path("number");

    List<ConsumerRecord<String, String>> told =
        TestKafka.await(
            Topics.INVOICES,
            1,
            Duration.ofSeconds(20),
            r ->
                TestKafka.header(r, "ce_tenantid").equals("ten_" + shared.second.tenant)
                    && TestKafka.header(r, "ce_type").contains("note"));
    assertThat(told).hasSize(1);
    ConsumerRecord<String, String> part = told.getFirst();
    assertThat(TestKafka.header(part, "ce_type")).isEqualTo("invoice-part-note.issued");
    assertThat(part.key()).startsWith("nte_").endsWith("/ten_" + shared.second.tenant);
    assertThat(part.value().replace(" ", ""))
        .contains("\"noteNumber\":\"" + number + "\"")
        .contains("\"supplyKrw\":-720,\"vatKrw\":-72", "\"month\":\"" + MONTH + "\"")
        .contains("\"mode\":\"EXTERNAL\"")
        .doesNotContain("ten_" + shared.first.tenant)
        .doesNotContain("106480");
  }

  private static ValidatableResponse second(Shared shared, String what) {
    return as(shared.second.owner).get(shared.of(shared.second) + what).then();
  }

  private static long seen(World reader, String sql) throws SQLException {
    try (Connection c = TestDatabase.as("billing_app", reader.tenant.toString());
        Statement s = c.createStatement();
        ResultSet rows = s.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
