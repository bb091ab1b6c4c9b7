package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.approver;
import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.finance;
import static dev.gpucloud.billing.fixture.World.move;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.billing.fixture.FakeInventory;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.cli.rate.RateRun;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.clock.BusinessClock;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.verifier.InvoiceOracle;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Worked cases of agreements from the API to the issued invoice, and the same month offline. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "billing"))
@QuarkusTestResource(FakeInventory.class)
class AgreementStoryIT {
  private static final String SKU = "b200-sxm-180g.on-demand.kr-ulsan";
  private static final String MONTH = "2026-11";

  @Inject @Business BusinessClock clock;

  @BeforeEach
  void pricedAndAfterTheMonth() throws Exception {
    World.freeze(clock, "2027-01-02T00:00:00");
    World.importScenarioPrices();
  }

  private static World external() {
    return new World().tenant("EXTERNAL", "EXTERNAL", "");
  }

  private static String accountOf(World world) {
    return TestDatabase.value(
        "select account_id from account_tenant where tenant_id = '%s'".formatted(world.tenant));
  }

  private static String path(World world, String below) {
    return "/api/v1/finance/accounts/" + accountOf(world) + "/" + below;
  }

  private static Response post(World world, String below, String body) {
    return finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(body)
        .post(path(world, below));
  }

  private static void agreed(
      World world, String reference, String kind, String term, String terms) {
    post(
            world,
            "agreements",
            "{\"reference\":\"%s\",\"kind\":\"%s\",%s,\"terms\":%s}"
                .formatted(reference, kind, term, terms))
        .then()
        .statusCode(201)
        .header("ETag", equalTo("\"1\""));
  }

  private static String issued(World world) {
    String id = world.draft(MONTH).then().statusCode(201).extract().path("id");
    move(finance(), id, "submit").then().statusCode(200);
    move(approver(), id, "approve").then().statusCode(200);
    move(finance(), id, "issue").then().statusCode(200);
    return id;
  }

  /** The same month from the exports alone has the same lines and total. */
  private void assertOfflineTheSame(World world, String id) throws Exception {
    Path folder = Files.createTempDirectory("agreements");
    Path events = folder.resolve("events.jsonl");
    Path prices = folder.resolve("prices.json");
    Files.writeString(
        events,
        auditor()
            .get("/api/v1/finance/exports/events?tenant=" + world.slug + "&month=" + MONTH)
            .asString());
    Files.writeString(prices, auditor().get("/api/v1/finance/exports/prices").asString());
    assertAnOutsiderRecomputes(Files.readString(events), Files.readString(prices), id);
    JsonNode offline =
        RateRun.rate(prices, events, accountOf(world), BillingMonth.parse(MONTH), null);
    var invoice = auditor().get("/api/v1/finance/invoices/" + id).then().statusCode(200).extract();
    assertThat(offline.at("/total/amount").asText())
        .isEqualTo(invoice.<String>path("total.amount"));
    assertThat(offline.at("/lines").findValuesAsText("number"))
        .hasSameSizeAs(invoice.<List<?>>path("lines"));
    for (int i = 0; i < offline.at("/lines").size(); i++) {
      assertThat(offline.at("/lines/" + i + "/amount/amount").asText())
          .isEqualTo(invoice.<String>path("lines[" + i + "].amount.amount"));
      assertThat(offline.at("/lines/" + i + "/category").asText())
          .isEqualTo(invoice.<String>path("lines[" + i + "].category"));
    }
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
    World world = external();
    agreed(
        world,
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

    String id = issued(world);

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
    World world = external();
    String award = "gaw_" + UUID.randomUUID();
    world.grant("grant.accepted", "2026-10-20T12:00:00", award, 4, 10);
    world.grant("grant.clawed-back", "2026-11-10T12:00:00", award, 4, 10);
    agreed(
        world,
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

    String id = issued(world);

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
  void case9GraduatedTiers() throws Exception {
    tiers("GRADUATED", "22080000");
  }

  @Test
  void case9VolumeTiers() throws Exception {
    tiers("VOLUME", "20280000");
  }

  @Test
  void hourlyCommitmentIsPaidUsedOrNotAndTheRestIsOverage() throws Exception {
    World world = external();
    agreed(
        world,
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

    String id = issued(world);

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
    assertOfflineTheSame(world, id);
    assertLedgerSumsToZero(world);
  }

  @Test
  void spendCommitmentAndMonthlyFeeAreBilledAndPrepaidMoneyPays() throws Exception {
    World world = external();
    agreed(
        world,
        "floor-1",
        "SPEND_COMMITMENT",
        "\"from\":\"2026-11-01\"",
        "{\"amountKrwPerMonth\":\"100000000\"}");
    agreed(
        world,
        "fee-1",
        "MONTHLY_FEE",
        "\"from\":\"2026-11-16\"",
        "{\"amountKrwPerMonth\":\"43200000\",\"name\":\"Dedicated hall\"}");
    String prepaid =
        post(world, "prepaid", "{\"amountKrw\":\"1000000000000\",\"from\":\"2026-11-01\"}")
            .then()
            .statusCode(201)
            .body("left.amount", equalTo("1000000000000"))
            .extract()
            .path("id");
    // 8 GPUs for one hour: 57,600
    world.ran("a", 8, "2026-11-10T10:00:00", "2026-11-10T11:00:00");
    world.awaitEvents(5);

    String id = issued(world);

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
        .get(path(world, "prepaid"))
        .then()
        .body("items[0].left.amount", equalTo("999866240000"));
    assertOfflineTheSame(world, id);
    assertLedgerSumsToZero(world);

    post(world, "prepaid/" + prepaid + "/lapse", "").then().statusCode(409);
  }

  @Test
  void allViolationsAreSaidAtOnceAndNothingChanges() {
    World world = external();

    post(
            world,
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
    post(world, "prepaid", "{\"amountKrw\":\"-5\",\"priority\":-1,\"expires\":\"2020-01-01\"}")
        .then()
        .statusCode(400)
        .body("errors", hasSize(3));

    assertThat(count("select count(*) from agreement where tenant_id = '%s'", world.tenant))
        .isZero();
  }

  @Test
  void invoicedMonthsAndWhatOverlapsAreRefusedAndAnEndIsAVersion() {
    World world = external();
    agreed(world, "price-1", "CONTRACT_PRICE", "\"from\":\"2026-12-01\"", contract("4050"));
    post(world, "agreements", overlapping())
        .then()
        .statusCode(400)
        .body("errors.detail", hasItem(containsString("overlaps price-1")));
    finance()
        .body("{\"until\":\"2026-12-31\"}")
        .post(path(world, "agreements/price-1/end"))
        .then()
        .statusCode(428);
    finance()
        .header("If-Match", "\"1\"")
        .body("{\"until\":\"2026-12-31\"}")
        .post(path(world, "agreements/price-1/end"))
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"2\""))
        .body("until", equalTo("2026-12-31T15:00:00Z"));

    world.draft(MONTH).then().statusCode(201);
    post(
            world,
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
    World world = external();
    given().get(path(world, "agreements")).then().statusCode(401);
    as(world.owner).get(path(world, "agreements")).then().statusCode(403);
    auditor().body("{}").post(path(world, "agreements")).then().statusCode(403);
    auditor().body("{}").post(path(world, "prepaid")).then().statusCode(403);
    finance()
        .get("/api/v1/finance/accounts/" + UUID.randomUUID() + "/agreements")
        .then()
        .statusCode(404);
    finance().get("/api/v1/finance/accounts/nobody/prepaid").then().statusCode(404);
  }
}
