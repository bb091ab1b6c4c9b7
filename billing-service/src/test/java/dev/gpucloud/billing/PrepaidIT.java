package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.finance;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.TestDatabase;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.UUID;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;

/** What is left of prepaid money and of promotional credits when they expire. */
@QuarkusTest
class PrepaidIT extends AfterTheMonth {

  private static Response lapse(World world, String id, String key) {
    return finance()
        .header("Idempotency-Key", key)
        .post(world.accountPath("prepaid/" + id + "/lapse"));
  }

  private static long balance(String document, String account) {
    return count(
        """
        select coalesce(sum(e.amount_krw), 0) from ledger_entry e
          join ledger_transaction t on t.id = e.transaction_id
        where t.document = '%s' and e.account = '%s'""",
        document, account);
  }

  /** An id says nothing to who pays: the day it was paid in does, and its note. */
  @Test
  void thePdfCallsPrepaidMoneyByItsDay() throws IOException {
    World world = World.external();
    String noted = "{\"amountKrw\":\"100\",\"from\":\"2026-11-01\",\"note\":\"advance\"}";
    world.toAccount("prepaid", noted).then().statusCode(201);
    String id =
        world
            .toAccount("prepaid", "{\"amountKrw\":\"200\",\"from\":\"2026-11-01\"}")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    world.ran("a", 1, "2026-11-10T10:00:00", "2026-11-10T11:00:00");
    world.awaitEvents(5);
    String invoice = world.issued(MONTH);
    byte[] pdf =
        finance().get("/api/v1/finance/invoices/" + invoice + "/pdf?lang=en").asByteArray();
    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertThat(new PDFTextStripper().getText(document).replaceAll("\\s+", " "))
          .contains("(2027-01-02, advance)", "(2027-01-02, " + id.substring(id.length() - 8) + ")");
    }
  }

  @Test
  void whatIsLeftOfExpiredMoneyBecomesIncomeOnce() {
    World world = World.external();
    String id =
        world
            .toAccount(
                "prepaid",
                "{\"amountKrw\":\"1000000\",\"from\":\"2026-11-01\",\"expires\":\"2027-01-02\"}")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    world.ran("a", 8, "2026-11-10T10:00:00", "2026-11-10T11:00:00");
    world.awaitEvents(5);
    world.issued(MONTH);
    lapse(world, id, UUID.randomUUID().toString())
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"));

    World.freeze(clock, "2027-01-03T00:00:00");
    String key = UUID.randomUUID().toString();
    for (int i = 0; i < 2; i++) {
      lapse(world, id, key)
          .then()
          .statusCode(200)
          .body("left.amount", equalTo("0"))
          // one hour of 8 GPUs at 7,200 won, and VAT
          .body("lapsed.amount", equalTo("936640"));
    }

    lapse(world, id, UUID.randomUUID().toString()).then().statusCode(409);
    assertThat(balance("prepaid/" + id, "BREAKAGE_INCOME")).isEqualTo(-936_640);
    assertThat(
            count(
                "select sum(amount_krw) from ledger_entry where tenant_id = '%s'"
                    + " and account = 'PREPAID_LIABILITY'",
                world.tenant))
        .isZero();
    assertThatThrownBy(
            () ->
                TestDatabase.update(
                    "insert into prepaid_payment select p.tenant_id, p.id, i.id, '2026-12', 1"
                        + " from prepaid p, invoice i where p.id = '%s' and i.tenant_id ="
                            .formatted(id)
                        + " p.tenant_id"))
        .isInstanceOf(IllegalStateException.class);
    auditor()
        .get(world.accountPath("prepaid"))
        .then()
        .body("items[0].lapsed.amount", equalTo("936640"));
  }

  @Test
  void whatIsLeftOfAPromotionalCreditLapsesWithTheMonthItExpiresIn() {
    World world =
        new World()
            .tenant(
                "EXTERNAL",
                "EXTERNAL",
                ",\"segment\":\"STARTUP\",\"programme\":{\"name\":\"startup-credit\","
                    + "\"creditKrw\":50000,\"expires\":\"2026-11-30\"}");
    world.ran("a", 8, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    world.ran("b", 8, "2026-12-02T09:00:00", "2026-12-02T10:00:00");
    world.awaitEvents(10);

    // 46,080 won after 20 %, all of it credited
    world
        .draft(MONTH)
        .then()
        .statusCode(201)
        .body("supplyValue.amount", equalTo("0"))
        .body("credits[0].exactFraction", equalTo("46080"))
        .body("credits[0].lapsedFraction", equalTo("3920"));
    world
        .draft("2026-12")
        .then()
        .statusCode(201)
        .body("supplyValue.amount", equalTo("46080"))
        .body("credits", hasSize(0));
  }

  @Test
  void nobodyElseLapsesMoney() {
    World world = World.external();
    String path = world.accountPath("prepaid/" + UUID.randomUUID() + "/lapse");
    given().post(path).then().statusCode(401);
    as(world.owner).post(path).then().statusCode(403);
    auditor().post(path).then().statusCode(403);
    lapse(world, UUID.randomUUID().toString(), UUID.randomUUID().toString()).then().statusCode(404);
    finance().post(path).then().statusCode(400).body("code", equalTo("IDEMPOTENCY_KEY_REQUIRED"));
  }
}
