package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.approver;
import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.eventually;
import static dev.gpucloud.billing.fixture.World.finance;
import static dev.gpucloud.billing.fixture.World.move;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestKafka;
import dev.gpucloud.testsupport.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Money that comes in for issued invoices, on the real database. Every invoice is of 190,080 won.
 */
@QuarkusTest
class PaymentIT extends AfterTheMonth {
  private static final long TOTAL = 190_080;
  private static final String SEEN = "/api/v1/finance/invoices/%s/payments";
  private static final Charset EUC_KR = Charset.forName("x-windows-949");

  private record Issued(World world, String id, String number) {
    Response payments() {
      return finance().get(SEEN.formatted(number));
    }

    String state() {
      return payments().then().statusCode(200).extract().path("state");
    }
  }

  private static Issued issued() {
    World world = World.external();
    world.ran("a", 8, "2026-11-02T09:00:00", "2026-11-02T12:00:00");
    world.awaitEvents(5);
    String id = world.draft(MONTH).then().statusCode(201).extract().path("id");
    move(finance(), id, "submit").then().statusCode(200);
    move(approver(), id, "approve").then().statusCode(200);
    String number =
        move(finance(), id, "issue")
            .then()
            .statusCode(200)
            .body("total.amount", equalTo(Long.toString(TOTAL)))
            .extract()
            .path("number");
    return new Issued(world, id, number);
  }

  private static Response record(long won, String payer, String reference) {
    return record(won, payer, reference, UUID.randomUUID().toString());
  }

  private static Response record(long won, String payer, String reference, String key) {
    return finance()
        .header("Idempotency-Key", key)
        .body(
            """
            {"receivedOn": "2026-12-24", "amount": {"amount": "%d", "currency": "KRW"},
             "payer": "%s", "reference": "%s"}"""
                .formatted(won, payer, reference))
        .post("/api/v1/finance/payments");
  }

  private static Response upload(byte[] csv) {
    return given()
        .config(
            RestAssured.config()
                .encoderConfig(
                    EncoderConfig.encoderConfig()
                        .encodeContentTypeAs("text/csv", ContentType.BINARY)))
        .header("Authorization", "Bearer " + TestTokens.user("fin-1", "fin-1", "finance"))
        .contentType("text/csv")
        .body(csv)
        .post("/api/v1/finance/imports/payments");
  }

  private static long balance(String account) {
    return count(
        "select coalesce(sum(amount_krw), 0) from ledger_entry where account = '%s'", account);
  }

  @Test
  void paysAnInvoiceInPartsUntilItIsPaid() {
    Issued invoice = issued();
    long receivable = balance("RECEIVABLE");
    long unapplied = balance("UNAPPLIED_RECEIPTS");
    assertThat(invoice.state()).isEqualTo("UNPAID");
    invoice.payments().then().body("dueOn", equalTo("2027-02-01"));
    assertThat(told(invoice, "invoice.issued"))
        .contains("\"number\":\"" + invoice.number() + "\"")
        .contains("\"openKrw\":190080", "\"mode\":\"EXTERNAL\"")
        .contains("\"dueOn\":\"2027-02-01\"");

    record(90_080, "someone", "for " + invoice.number())
        .then()
        .statusCode(201)
        .body("match", equalTo("INVOICE_NUMBER"))
        .body("open.amount", equalTo("0"))
        .body("allocations[0].invoiceNumber", equalTo(invoice.number()));
    assertThat(invoice.state()).isEqualTo("PARTIALLY_PAID");
    String key = UUID.randomUUID().toString();
    JsonPath last =
        record(150_000, "someone", invoice.number(), key)
            .then()
            .statusCode(201)
            .body("open.amount", equalTo("50000"))
            .extract()
            .jsonPath();
    record(150_000, "someone", invoice.number(), key)
        .then()
        .statusCode(201)
        .header("Idempotency-Replayed", equalTo("true"))
        .body("id", equalTo(last.getString("id")));

    assertThat(invoice.state()).isEqualTo("PAID");
    assertThat(balance("RECEIVABLE")).isEqualTo(receivable - TOTAL);
    assertThat(balance("UNAPPLIED_RECEIPTS")).isEqualTo(unapplied - 50_000);
    assertThat(count("select sum(amount_krw) from ledger_entry")).isZero();
    as(invoice.world().billingViewer)
        .get(
            "/api/v1/tenants/%s/invoices/%s/payments".formatted(invoice.world().slug, invoice.id()))
        .then()
        .statusCode(200)
        .body("state", equalTo("PAID"))
        .body("allocations.amount.amount", contains("90080", "100000"));
    String foreign =
        java.util.Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"id\":\"of another list\"}".getBytes(StandardCharsets.UTF_8));
    finance()
        .get("/api/v1/finance/payments?pageToken=" + foreign)
        .then()
        .statusCode(400)
        .body("code", equalTo("INVALID_PAGE_TOKEN"));
    finance()
        .get("/api/v1/finance/payments?open=true&pageSize=1000")
        .then()
        .body("items.id", hasItem(last.getString("id")));
  }

  @Test
  void leavesWhatIsNotClearToAPersonWhoMayTakeItBack() {
    Issued invoice = issued();
    JsonPath payment =
        record(500, "Nobody Known", "")
            .then()
            .statusCode(201)
            .body("match", equalTo("UNKNOWN_PAYER"))
            .body("allocations", hasSize(0))
            .extract()
            .jsonPath();
    String path = "/api/v1/finance/payments/" + payment.getString("id") + "/allocations";

    allocate(path, invoice.number(), 501)
        .then()
        .statusCode(422)
        .body("errors.detail", contains("the payment has 500 won left"));
    allocate(path, "2026-11-999999", 500)
        .then()
        .statusCode(422)
        .body("code", equalTo("UNKNOWN_REFERENCE"));
    String allocation =
        allocate(path, invoice.id(), 500)
            .then()
            .statusCode(201)
            .body("open.amount", equalTo("0"))
            .extract()
            .path("allocations[0].id");
    assertThat(invoice.state()).isEqualTo("PARTIALLY_PAID");

    takeBack(allocation, "{}").then().statusCode(400).body("errors.pointer", contains("/comment"));
    takeBack(allocation, "{\"comment\": \"other customer\"}")
        .then()
        .statusCode(201)
        .body("takesBack", equalTo(allocation))
        .body("amount.amount", equalTo("-500"));
    takeBack(allocation, "{\"comment\": \"again\"}").then().statusCode(409);
    assertThat(invoice.state()).isEqualTo("UNPAID");
    finance()
        .get("/api/v1/finance/payments/" + payment.getString("id"))
        .then()
        .body("open.amount", equalTo("500"))
        .body("allocations.rule", contains("MANUAL", "TAKEN_BACK"));
    assertThat(count("select sum(amount_krw) from ledger_entry")).isZero();
  }

  private static Response allocate(String path, String invoice, long won) {
    return finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(
            "{\"invoice\": \"%s\", \"amount\": {\"amount\": \"%d\", \"currency\": \"KRW\"}}"
                .formatted(invoice, won))
        .post(path);
  }

  private static Response takeBack(String allocation, String body) {
    return finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(body)
        .post("/api/v1/finance/payment-allocations/" + allocation + "/take-back");
  }

  @Test
  void takesEachLineOfABanksFileOnceInEitherEncoding() {
    Issued first = issued();
    Issued second = issued();
    String unique = UUID.randomUUID().toString().substring(0, 8);
    String csv =
        """
        거래일자,적요,입금자,입금액,출금액
        2026.12.24 10:11:12,%s,한빛로봇,"190,080",
        2026.12.24 10:12:00,급여,직원,,"3,000,000"
        2026-12-24,이자 %s,은행,17,
        2026-12-24,이자 %s,은행,17,
        """
            .formatted(first.number(), unique, unique);

    upload(csv.getBytes(EUC_KR))
        .then()
        .statusCode(200)
        .body("lines", equalTo(3))
        .body("skipped", equalTo(1))
        .body("recorded", equalTo(3))
        .body("matched", equalTo(1))
        .body("open.match", contains("UNKNOWN_PAYER", "UNKNOWN_PAYER"));
    assertThat(first.state()).isEqualTo("PAID");
    String longer = csv + "20261225," + second.number() + ",다른회사,190080,\n";
    upload(longer.getBytes(StandardCharsets.UTF_8))
        .then()
        .statusCode(200)
        .body("recorded", equalTo(1))
        .body("known", equalTo(3));
    assertThat(second.state()).isEqualTo("PAID");
  }

  @Test
  void saysEverythingThatIsWrongWithAFileAndRecordsNothing() {
    long before = count("select count(*) from payment");

    upload(
            """
            date,amount,payer
            2026-13-01,100,a
            2027-01-03,100,b
            2026-12-01,-5,c
            2026-12-01,1.5,d
            2026-12-01,100,e
            """
                .getBytes(StandardCharsets.UTF_8))
        .then()
        .statusCode(400)
        .body(
            "errors.pointer",
            containsInAnyOrder(
                "/lines/2/date", "/lines/3/date", "/lines/4/amount", "/lines/5/amount"));
    upload("date,payer\n".getBytes(StandardCharsets.UTF_8))
        .then()
        .statusCode(400)
        .body("errors.detail", contains("has no column amount (입금액)"));
    upload(new byte[0]).then().statusCode(400);
    byte[] mixed =
        concat(
            "거래일자,입금자,입금액\n2026-12-01,한빛,100\n".getBytes(EUC_KR),
            "2026-12-01,한빛,100\n".getBytes(StandardCharsets.UTF_8));
    upload(mixed)
        .then()
        .statusCode(400)
        .body("errors.pointer", contains("/lines/3"))
        .body("errors.detail", contains("is UTF-8, but the file is EUC-KR"));
    upload("date,amount,payer\n2026-12-01,\"100,a\n".getBytes(StandardCharsets.UTF_8))
        .then()
        .statusCode(400);

    assertThat(count("select count(*) from payment")).isEqualTo(before);
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] all = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  @Test
  void neverGivesMoreThanThereIsToGiveOrToTake() throws Exception {
    Issued invoice = issued();
    JsonPath payment = record(TOTAL * 3, "Nobody Known", "").jsonPath();
    String path = "/api/v1/finance/payments/" + payment.getString("id") + "/allocations";
    List<Integer> answers = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      Callable<Integer> half = () -> allocate(path, invoice.number(), TOTAL / 2).statusCode();
      for (Future<Integer> answer : pool.invokeAll(java.util.Collections.nCopies(8, half))) {
        answers.add(answer.get());
      }
    }

    assertThat(answers.stream().filter(status -> status == 201)).hasSize(2);
    assertThat(answers.stream().filter(status -> status == 422)).hasSize(6);
    assertThat(invoice.state()).isEqualTo("PAID");
    assertThatThrownBy(
            () ->
                sql(
                    """
                    insert into payment_allocation (tenant_id, id, payment_id, invoice_id,
                      amount_krw, rule, by_subject, by_name, at, received_on)
                    select tenant_id, gen_random_uuid(), payment_id, invoice_id, 1, 'MANUAL', 'x',
                      'x', now(), received_on from payment_allocation where invoice_id = '%s' limit 1"""
                        .formatted(invoice.id().substring(4))))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("is paid");
    assertThatThrownBy(() -> sql("update payment set amount_krw = 1"))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void dunsWhatStaysOpenOnceAStepAndReportsItsAge() throws Exception {
    Issued invoice = issued();
    backdate(invoice, 46);

    eventually(
        () ->
            invoice.payments().jsonPath().getList("dunning.name").equals(List.of("SECOND_NOTICE")));

    invoice
        .payments()
        .then()
        .body("state", equalTo("OVERDUE"))
        .body("dueOn", equalTo("2026-12-17"))
        .body("dunning[0].daysLate", equalTo(16))
        .body("dunning[0].open.amount", equalTo(Long.toString(TOTAL)));
    assertThat(told(invoice, "invoice.overdue"))
        .contains("\"step\":\"SECOND_NOTICE\"")
        .contains("\"daysLate\":16");
    auditor()
        .get("/api/v1/finance/receivables")
        .then()
        .statusCode(200)
        .body(
            "items.find { it.businessNumber == '%s' }.ageing.to30Days.amount"
                .formatted(invoice.world().number()),
            equalTo(Long.toString(TOTAL)));
    auditor()
        .get("/api/v1/finance/receivables?asOf=2027-04-01")
        .then()
        .body(
            "items.find { it.businessNumber == '%s' }.ageing.over90Days.amount"
                .formatted(invoice.world().number()),
            equalTo(Long.toString(TOTAL)));
    auditor().get("/api/v1/finance/receivables?asOf=soon").then().statusCode(400);
    record(TOTAL, "x", invoice.number()).then().statusCode(201);
    assertThat(invoice.state()).isEqualTo("PAID");
  }

  /** The event of the type that was published of the invoice. */
  private static String told(Issued invoice, String type) {
    return TestKafka.await(
            Topics.INVOICES,
            1,
            Duration.ofSeconds(30),
            record ->
                invoice.id().equals(record.key())
                    && type.equals(TestKafka.header(record, "ce_type")))
        .getFirst()
        .value();
  }

  private static void backdate(Issued invoice, int days) throws SQLException {
    sql(
        "set session_replication_role = replica; update invoice set issued_at = issued_at"
            + " - interval '%d days' where number = '%s'".formatted(days, invoice.number()));
  }

  private static void sql(String text) throws SQLException {
    try (Connection c = TestDatabase.admin();
        Statement s = c.createStatement()) {
      s.execute(text);
    }
  }
}
