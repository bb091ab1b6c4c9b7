package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.finance;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.Offline;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.verifier.InvoiceOracle;
import io.quarkus.test.junit.QuarkusTest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Worked cases of agreements from the API to the issued invoice, and the same month offline. */
@QuarkusTest
class AgreementStoryIT extends AfterTheMonth {
  private static final String SKU = "b200-sxm-180g.on-demand.kr-ulsan";

  /** The same month from the exports alone has the same lines and amounts. */
  private static void assertOfflineTheSame(World world, String id) throws Exception {
    String events = Offline.events(MONTH, world);
    assertAnOutsiderRecomputes(events, Offline.prices(), id);
    Offline.assertTheSame(id, Offline.rate(world.account(), MONTH, events));
  }

  /** The verifier comes to the same, and sees when a line's won or a row's share is altered. */
  private static void assertAnOutsiderRecomputes(String events, String prices, String id) {
    String invoice = auditor().get("/api/v1/finance/invoices/" + id).asString();
    var oracle = new InvoiceOracle();
    assertThat(oracle.verify(events, prices, invoice).differences()).isEmpty();
    for (String field : List.of("exactFraction", "unitPrice", "fee", "vat")) {
      for (String altered : List.of(altered(invoice, field, "7"), altered(invoice, field, "8"))) {
        if (!altered.equals(invoice)) {
          assertThat(oracle.verify(events, prices, altered).differences()).as(field).isNotEmpty();
        }
      }
    }
  }

  /** The first digit of the first such field is another one. */
  private static String altered(String invoice, String field, String digit) {
    return invoice.replaceFirst(
        "(\"%s\":(?:\\{\"amount\":)?\"-?)\\d".formatted(field), "$1" + digit);
  }

  private static void assertLedgerSumsToZero(World world) {
    assertThat(
            count(
                "select coalesce(sum(amount_krw), 0) from ledger_entry where tenant_id = '%s'",
                world.tenant))
        .isZero();
    assertThat(count("select count(*) from ledger_entry where tenant_id = '%s'", world.tenant))
        .isPositive();
  }

  private void tiers(String mode, String supply) throws Exception {
    World world = World.external();
    world.agreed(
        "tiers-1",
        "CONTRACT_PRICE",
        "\"from\":\"2026-11-01\"",
        """
        {"sku":"%s","tiers":{"mode":"%s","bands":[{"upToHours":"1000","priceKrw":"4500"},
         {"upToHours":"5000","priceKrw":"4200"},{"priceKrw":"3900"}]}}\
        """
            .formatted(SKU, mode));
    // 8 GPUs for 650 h
    world.ran("a", 8, "2026-11-01T00:00:00", "2026-11-28T02:00:00");
    world.awaitEvents(5);

    String id = world.issued(MONTH);

    auditor()
        .get("/api/v1/finance/invoices/" + id)
        .then()
        .body("supplyValue.amount", equalTo(supply))
        .body("lines[0].priceVersion", equalTo("tiers-1"));
    assertOfflineTheSame(world, id);
    assertLedgerSumsToZero(world);
  }

  @Test
  void aGrantPaysItsShareOfTheAwardedGpusUntilTheyAreTakenBack() throws Exception {
    World world = World.external();
    String award = "gaw_" + UUID.randomUUID();
    world.grant("grant.accepted", "2026-10-20T12:00:00", award, 4, 10);
    world.grant("grant.clawed-back", "2026-11-10T12:00:00", award, 4, 10);
    world.agreed(
        "price-1",
        "CONTRACT_PRICE",
        "\"from\":\"2026-11-01\"",
        "{\"sku\":\"%s\",\"priceKrw\":\"4500\"}".formatted(SKU));
    World.eventually(
        () ->
            count(
                    "select count(*) from grant_share where ends_at < '2026-12-01' and award_id ="
                        + " '%s'",
                    award.substring(4))
                == 1);
    world.ran("a", 8, "2026-11-10T09:00:00", "2026-11-10T13:00:00");
    world.awaitEvents(5);

    String id = world.issued(MONTH);

    auditor()
        .get("/api/v1/finance/invoices/" + id)
        .then()
        // three hours with 4 of 8 GPUs at a tenth, one at the full price
        .body("supplyValue.amount", equalTo(String.valueOf(3 * (4 * 450 + 4 * 4500) + 8 * 4500)));
    as(world.owner)
        .get("/api/v1/tenants/" + world.slug + "/usage?month=" + MONTH)
        .then()
        .body("exactAmount", equalTo("95400.000000000000"))
        .body("gpuHours", equalTo("32.000000000000"))
        .body("items.billedSeconds", equalTo(List.of("14400")));
    assertOfflineTheSame(world, id);
    assertLedgerSumsToZero(world);
  }

  @Test
  void aContractsPriceStandsBesideTheListsInTheInvoiceAndInFocus() throws Exception {
    World world = World.external();
    world.agreed("price-1", "CONTRACT_PRICE", "\"from\":\"2026-11-01\"", contract("4050"));
    world.ran("a", 8, "2026-11-10T14:00:00", "2026-11-10T15:00:00");
    world.awaitEvents(5);

    String id = world.issued(MONTH);

    auditor()
        .get("/api/v1/finance/invoices/" + id)
        .then()
        .body("lines[0].details[0].listPrice", equalTo("7200"))
        .body("lines[0].details[0].basePrice", equalTo("4050"))
        .body("supplyValue.amount", equalTo("32400"));
    Map<String, String> usage = focus(id, "Usage");
    assertThat(usage)
        .containsEntry("BilledCost", "32400.000000000000")
        .containsEntry("ListCost", "57600.000000000000")
        .containsEntry("ListUnitPrice", "7200.000000000000")
        .containsEntry("ContractedCost", "32400.000000000000");
    assertOfflineTheSame(world, id);
  }

  /** The first row of a category. */
  private static Map<String, String> focus(String invoice, String category) {
    List<String> lines =
        auditor()
            .get("/api/v1/finance/invoices/" + invoice + "/focus.csv")
            .then()
            .statusCode(200)
            .extract()
            .asString()
            .replace("\ufeff", "")
            .lines()
            .toList();
    String[] names = lines.getFirst().split(",");
    String row =
        lines.stream().filter(l -> l.contains("," + category + ",")).findFirst().orElseThrow();
    String[] cells = row.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
    Map<String, String> found = new HashMap<>();
    for (int i = 0; i < names.length; i++) {
      found.put(names[i], cells[i]);
    }
    return found;
  }

  @Test
  void case9GraduatedTiers() throws Exception {
    tiers("GRADUATED", "22080000");
  }

  @Test
  void case9VolumeTiers() throws Exception {
    tiers("VOLUME", "20280000");
  }

  @Test
  void hourlyCommitmentIsPaidUsedOrNotAndTheRestIsOverage() throws Exception {
    World world = World.external();
    world.agreed(
        "commit-1",
        "USAGE_COMMITMENT",
        "\"from\":\"2026-11-10\",\"until\":\"2026-11-10\"",
        """
        {"sku":"%s","commitment":"HOURLY","units":"8","priceKrw":"3150",
         "overagePriceKrw":"4500"}\
        """
            .formatted(SKU));
    world.ran("a", 8, "2026-11-10T10:00:00", "2026-11-10T13:00:00");
    world.ran("b", 8, "2026-11-10T11:00:00", "2026-11-10T12:00:00");
    world.awaitEvents(10);

    String id = world.issued(MONTH);

    auditor()
        .get("/api/v1/finance/invoices/" + id)
        .then()
        // 192 committed hours, and 8 beyond
        .body("lines.category", hasItems("COMMITMENT_FEE", "OVERAGE"))
        .body("lines.find {it.category == 'COMMITMENT_FEE'}.amount.amount", equalTo("604800"))
        .body("lines.find {it.category == 'COMMITMENT_FEE'}.project", nullValue())
        .body("lines.find {it.category == 'OVERAGE'}.amount.amount", equalTo("36000"))
        .body("commitments[0].usedHours", equalTo("24"))
        .body("commitments[0].unused", equalTo("529200"))
        .body("supplyValue.amount", equalTo("640800"));
    assertThat(focus(id, "Purchase"))
        .containsEntry("ChargePeriodStart", "2026-11-09T15:00:00Z")
        .containsEntry("ChargePeriodEnd", "2026-11-10T15:00:00Z");
    assertThat(focus(id, "Tax"))
        .containsEntry("BilledCost", "64080.000000000000")
        .containsEntry("ContractedCost", "64080.000000000000");
    assertOfflineTheSame(world, id);
    assertLedgerSumsToZero(world);
  }

  @Test
  void pooledCommitmentIsUsedOverTheWholeMonth() throws Exception {
    World world = World.external();
    world.agreed("commit-1", "USAGE_COMMITMENT", "\"from\":\"2026-11-01\"", pooled("4500"));
    // 160 GPU-hours of which 100 are committed
    world.ran("a", 8, "2026-11-10T10:00:00", "2026-11-11T06:00:00");
    world.awaitEvents(5);

    String id = world.issued(MONTH);

    auditor()
        .get("/api/v1/finance/invoices/" + id)
        .then()
        .body("lines.find {it.category == 'COMMITMENT_FEE'}.amount.amount", equalTo("315000"))
        .body("lines.find {it.category == 'OVERAGE'}.amount.amount", equalTo("270000"))
        .body("commitments[0].kind", equalTo("POOLED"))
        .body("commitments[0].usedHours", equalTo("100"))
        .body("commitments[0].unused", equalTo("0"))
        .body("supplyValue.amount", equalTo("585000"));
    assertOfflineTheSame(world, id);
    assertLedgerSumsToZero(world);
  }

  @Test
  void pooledCommitmentOfHalfAMonthIsPaidInFullForThatHalf() throws Exception {
    World world = World.external();
    world.agreed("commit-1", "USAGE_COMMITMENT", "\"from\":\"2026-11-16\"", pooled("4500"));
    // before it holds at the list price of 7,200 won; then 16 of 50 committed hours
    world.ran("a", 8, "2026-11-10T10:00:00", "2026-11-10T11:00:00");
    world.ran("b", 8, "2026-11-20T10:00:00", "2026-11-20T12:00:00");
    world.awaitEvents(10);

    String id = world.issued(MONTH);

    auditor()
        .get("/api/v1/finance/invoices/" + id)
        .then()
        .body("lines.find {it.category == 'COMMITMENT_FEE'}.amount.amount", equalTo("157500"))
        .body("lines.find {it.category == 'USAGE'}.amount.amount", equalTo("57600"))
        .body("commitments[0].committedHours", equalTo("50"))
        .body("commitments[0].usedHours", equalTo("16"))
        .body("commitments[0].unused", equalTo("107100"))
        .body("supplyValue.amount", equalTo("215100"));
    assertOfflineTheSame(world, id);
  }

  private static String pooled(String overagePrice) {
    return """
        {"sku":"%s","commitment":"POOLED","hoursPerMonth":"100","priceKrw":"3150",
         "overagePriceKrw":"%s"}"""
        .formatted(SKU, overagePrice);
  }

  @Test
  void aSpendCommitmentFollowsAnotherFromAMonthsStart() {
    World world = World.external();
    String terms = "{\"amountKrwPerMonth\":\"100000000\"}";
    world.agreed(
        "floor-1", "SPEND_COMMITMENT", "\"from\":\"2027-02-01\",\"until\":\"2027-04-14\"", terms);
    String asked =
        "{\"reference\":\"floor-2\",\"kind\":\"SPEND_COMMITMENT\",%s,\"terms\":" + terms + "}";
    world
        .toAccount("agreements", asked.formatted("\"from\":\"2027-04-15\""))
        .then()
        .statusCode(400)
        .body("errors.pointer", contains("/from"))
        .body("errors[0].detail", containsString("floor-1 ends"));
    world
        .toAccount(
            "agreements", asked.formatted("\"from\":\"2027-01-01\",\"until\":\"2027-01-31\""))
        .then()
        .statusCode(201);
    world
        .toAccount(
            "agreements", asked.formatted("\"from\":\"2027-05-01\"").replace("floor-2", "floor-3"))
        .then()
        .statusCode(201);
  }

  @Test
  void spendCommitmentAndMonthlyFeeAreBilledAndPrepaidMoneyPays() throws Exception {
    World world = World.external();
    world.agreed(
        "floor-1",
        "SPEND_COMMITMENT",
        "\"from\":\"2026-11-01\"",
        "{\"amountKrwPerMonth\":\"100000000\"}");
    world.agreed(
        "fee-1",
        "MONTHLY_FEE",
        "\"from\":\"2026-11-16\"",
        "{\"amountKrwPerMonth\":\"43200000\",\"name\":\"Dedicated hall\"}");
    String prepaid =
        world
            .toAccount("prepaid", "{\"amountKrw\":\"1000000000000\",\"from\":\"2026-11-01\"}")
            .then()
            .statusCode(201)
            .body("left.amount", equalTo("1000000000000"))
            .extract()
            .path("id");
    // 8 GPUs for one hour: 57,600
    world.ran("a", 8, "2026-11-10T10:00:00", "2026-11-10T11:00:00");
    world.awaitEvents(5);

    String id = world.issued(MONTH);

    auditor()
        .get("/api/v1/finance/invoices/" + id)
        .then()
        .body("lines.find {it.category == 'TRUE_UP'}.amount.amount", equalTo("99942400"))
        .body("lines.find {it.sku == 'Dedicated hall'}.amount.amount", equalTo("21600000"))
        .body("supplyValue.amount", equalTo("121600000"))
        .body("vat.amount", equalTo("12160000"))
        .body("total.amount", equalTo("133760000"))
        .body("prepaid.amount", equalTo("133760000"))
        .body("payments[0].id", equalTo(prepaid))
        .body("due.amount", equalTo("0"));
    finance()
        .get(world.accountPath("prepaid"))
        .then()
        .body("items[0].left.amount", equalTo("999866240000"));
    assertOfflineTheSame(world, id);
    assertLedgerSumsToZero(world);

    world.toAccount("prepaid/" + prepaid + "/lapse", "").then().statusCode(409);
  }

  private String issuedTaxedAs(World world, String from, String until, String terms)
      throws Exception {
    world.agreed(
        "tax-1", "TAXATION", "\"from\":\"%s\",\"until\":\"%s\"".formatted(from, until), terms);
    // 8 GPUs for one hour: 57,600
    world.ran("a", 8, "2026-11-10T10:00:00", "2026-11-10T11:00:00");
    world.awaitEvents(5);
    String id = world.issued(MONTH);
    assertOfflineTheSame(world, id);
    assertLedgerSumsToZero(world);
    return id;
  }

  private static void assertTaxed(String id, String type, String vat) {
    auditor()
        .get("/api/v1/finance/invoices/" + id)
        .then()
        .body("lines[0].taxType", equalTo(type))
        .body("supplyValue.amount", equalTo("57600"))
        .body("vat.amount", equalTo(vat))
        .body("total.amount", equalTo(String.valueOf(57_600 + Long.parseLong(vat))));
  }

  @Test
  void anExemptAccountPaysNoVat() throws Exception {
    String id =
        issuedTaxedAs(World.external(), "2026-11-01", "2026-11-30", "{\"taxType\":\"EXEMPT\"}");

    assertTaxed(id, "EXEMPT", "0");
    finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body("{}")
        .post("/api/v1/finance/invoices/" + id + "/tax-documents")
        .then()
        .statusCode(201)
        .body("items[0].taxType", equalTo("EXEMPT"));
  }

  @Test
  void zeroRatingNeedsEvidenceOnTheLastDayOfTheMonth() throws Exception {
    String terms = "{\"taxType\":\"ZERO_RATED\",\"evidence\":\"PC-2026-0117\"}";

    assertTaxed(
        issuedTaxedAs(World.external(), "2026-11-01", "2026-11-30", terms), "ZERO_RATED", "0");
    assertTaxed(
        issuedTaxedAs(World.external(), "2026-11-01", "2026-11-29", terms), "TAXED", "5760");
  }

  @Test
  void aTaxTypeIsAgreedWithItsEvidenceAndOnceAtATime() {
    World world = World.external();
    world
        .toAccount(
            "agreements",
            """
            {"reference":"tax-1","kind":"TAXATION","from":"2026-11-01",
             "terms":{"taxType":"ZERO_RATED","sku":"h900.on-demand.kr-moon"}}""")
        .then()
        .statusCode(400)
        .body("errors.pointer", hasItems("/terms/evidence", "/until", "/terms/sku"));
    world
        .toAccount(
            "agreements",
            """
            {"reference":"tax-1","kind":"TAXATION","from":"2026-11-01",
             "terms":{"taxType":"OUT_OF_SCOPE","evidence":"x"}}""")
        .then()
        .statusCode(400)
        .body("errors.pointer", hasItems("/terms/taxType", "/terms/evidence"));
    world.agreed("tax-1", "TAXATION", "\"from\":\"2026-11-01\"", "{\"taxType\":\"EXEMPT\"}");
    world
        .toAccount(
            "agreements",
            """
            {"reference":"tax-2","kind":"TAXATION","from":"2026-12-01",
             "terms":{"taxType":"TAXED"}}""")
        .then()
        .statusCode(400)
        .body("errors.detail", hasItem(containsString("overlaps tax-1")));
  }

  @Test
  void allViolationsAreSaidAtOnceAndNothingChanges() {
    World world = World.external();

    world
        .toAccount(
            "agreements",
            """
            {"reference":"v1","kind":"USAGE_COMMITMENT","from":"2026-11-10","until":"2026-11-09",
             "terms":{"sku":"h900.on-demand.kr-moon","commitment":"HOURLY","units":"-3",
                      "priceKrw":"99999999999999999","name":"x"}}\
            """)
        .then()
        .statusCode(400)
        .body("code", equalTo("VALIDATION_FAILED"))
        .body(
            "errors.pointer",
            hasItems(
                "/reference",
                "/until",
                "/terms/sku",
                "/terms/units",
                "/terms/priceKrw",
                "/terms/name"));
    world
        .toAccount("prepaid", "{\"amountKrw\":\"-5\",\"priority\":-1,\"expires\":\"2020-01-01\"}")
        .then()
        .statusCode(400)
        .body("errors", hasSize(3));

    assertThat(count("select count(*) from agreement where tenant_id = '%s'", world.tenant))
        .isZero();
  }

  @Test
  void invoicedMonthsAndWhatOverlapsAreRefusedAndAnEndIsAVersion() {
    World world = World.external();
    world.agreed("price-1", "CONTRACT_PRICE", "\"from\":\"2026-12-01\"", contract("4050"));
    world
        .toAccount("agreements", overlapping())
        .then()
        .statusCode(400)
        .body("errors.detail", hasItem(containsString("overlaps price-1")));
    finance()
        .body("{\"until\":\"2026-12-31\"}")
        .post(world.accountPath("agreements/price-1/end"))
        .then()
        .statusCode(428);
    finance()
        .header("If-Match", "\"1\"")
        .body("{\"until\":\"2026-12-31\"}")
        .post(world.accountPath("agreements/price-1/end"))
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"2\""))
        .body("until", equalTo("2026-12-31T15:00:00Z"));

    world.draft(MONTH).then().statusCode(201);
    world
        .toAccount(
            "agreements",
            "{\"reference\":\"late\",\"kind\":\"CONTRACT_PRICE\",\"from\":\"2026-11-15\",\"terms\":"
                + contract("4000")
                + "}")
        .then()
        .statusCode(400)
        .body("errors.pointer", hasItem("/from"))
        .body("errors.detail", hasItem(containsString("correction")));
  }

  private static String contract(String price) {
    return "{\"sku\":\"%s\",\"priceKrw\":\"%s\"}".formatted(SKU, price);
  }

  private static String overlapping() {
    return "{\"reference\":\"price-2\",\"kind\":\"CONTRACT_PRICE\",\"from\":\"2027-01-01\",\"terms\":"
        + contract("4000")
        + "}";
  }

  @Test
  void strangersAndWrongRolesAreTurnedAway() {
    World world = World.external();
    given().get(world.accountPath("agreements")).then().statusCode(401);
    as(world.owner).get(world.accountPath("agreements")).then().statusCode(403);
    auditor().body("{}").post(world.accountPath("agreements")).then().statusCode(403);
    auditor().body("{}").post(world.accountPath("prepaid")).then().statusCode(403);
    finance()
        .get("/api/v1/finance/accounts/" + UUID.randomUUID() + "/agreements")
        .then()
        .statusCode(404);
    finance().get("/api/v1/finance/accounts/nobody/prepaid").then().statusCode(404);
  }
}
