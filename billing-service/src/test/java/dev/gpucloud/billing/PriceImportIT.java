package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.finance;
import static dev.gpucloud.billing.fixture.World.importPrices;
import static dev.gpucloud.billing.fixture.World.scenario;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.Offline;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.testsupport.TestKafka;
import dev.gpucloud.verifier.InvoiceOracle;
import dev.gpucloud.verifier.Report;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Price books: whole or not at all, repeatable, append-only, published. */
@QuarkusTest
class PriceImportIT extends AfterTheMonth {
  /** Models of its own, so that other tests' prices stay as they are. */
  private final String model = "m" + UUID.randomUUID().toString().substring(0, 8);

  private String book(String effectiveFrom, String price) {
    return """
        gpuModels: [{id: %s}]
        sites: [{id: s1, region: kr-ulsan}]
        priceBook: {effectiveFrom: %s, onDemandPerGpuHour: {%s: %s}, preemptiblePct: 40}
        """
        .formatted(model, effectiveFrom, model, price);
  }

  private long versions() throws Exception {
    return count("select count(*) from price_version where gpu_model = '%s'", model);
  }

  @Test
  void theSameBookAgainChangesNothing() throws Exception {
    importPrices(scenario())
        .then()
        .statusCode(200)
        .body("pricesCreated", equalTo(0))
        .body("discountsCreated", equalTo(0))
        .body("operatorChanged", equalTo(false))
        .body("pricesUnchanged", equalTo(120));
  }

  @Test
  void aNewPriceIsAppendedAndPublished() throws Exception {
    importPrices(book("2027-02-01", "1000"))
        .then()
        .statusCode(200)
        .body("pricesCreated", equalTo(2));
    importPrices(book("2027-03-01", "1100.5"))
        .then()
        .statusCode(200)
        .body("pricesCreated", equalTo(2));
    importPrices(book("2027-04-01", "1100.5")).then().body("pricesCreated", equalTo(0));
    var facts =
        TestKafka.await(
            Topics.PRICES,
            4,
            Duration.ofSeconds(20),
            r ->
                r.key().startsWith(model)
                    && TestKafka.header(r, "ce_type").equals("price.published"));
    assertThat(facts)
        .anySatisfy(
            r ->
                assertThat(r.value().replace(" ", ""))
                    .contains("\"priceKrw\":\"440.2\"")
                    .contains("\"version\":\"v2\"")
                    .contains("\"effectiveFrom\":\"2027-02-28T15:00:00Z\""));
    assertThat(versions()).isEqualTo(4);
  }

  @Test
  void aVersionIsNeverChanged() throws Exception {
    importPrices(book("2027-02-01", "1000")).then().statusCode(200);
    importPrices(book("2027-02-01", "1001"))
        .then()
        .statusCode(400)
        .body("code", equalTo("VALIDATION_FAILED"))
        .body("errors[0].pointer", equalTo("/priceBook/onDemandPerGpuHour/" + model))
        .body("errors[0].detail", containsString("never changes"));
    assertThat(versions()).isEqualTo(2);
  }

  @Test
  void aMonthWithInvoicesKeepsItsPrices() throws Exception {
    World world = World.external();
    world.ran("a", 1, "2026-11-10T23:00:00", "2026-11-10T23:30:00");
    world.awaitEvents(5);
    world.draft("2026-11").then().statusCode(201);
    importPrices(book("2026-01-01", "900")).then().statusCode(200);
    importPrices(book("2026-11-15", "1000"))
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/priceBook/effectiveFrom"))
        .body("errors[0].detail", containsString("correction"));
    assertThat(versions()).isEqualTo(2);
  }

  @Test
  void allViolationsAtOnceAndNothingIsChanged() throws Exception {
    importPrices(book("2027-02-01", "-5").replace("preemptiblePct: 40", "preemptiblePct: 400"))
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("code", equalTo("VALIDATION_FAILED"))
        .body(
            "errors.pointer",
            hasItems("/priceBook/onDemandPerGpuHour/" + model, "/priceBook/preemptiblePct"));
    importPrices("gpuModels: [unclosed")
        .then()
        .statusCode(400)
        .body("code", equalTo("MALFORMED_BODY"))
        .body("detail", containsString("line"));
    as("fin-1", "finance")
        .body("{\"priceBook\": {}, \"priceBook\": {}}")
        .post("/api/v1/finance/imports/prices")
        .then()
        .statusCode(400)
        .body("code", equalTo("MALFORMED_BODY"));
    assertThat(versions()).isZero();
  }

  @Test
  void anybodyLoggedInSeesThePricesInForce() throws Exception {
    importPrices(book("2027-01-01", "1000")).then().statusCode(200);
    importPrices(book("2027-02-01", "2000")).then().statusCode(200);
    as("somebody")
        .get("/api/v1/prices?pageSize=1000")
        .then()
        .statusCode(200)
        .body("items.size()", greaterThan(100))
        .body(
            "items.find { it.sku == '%s.on-demand.kr-ulsan' }.price.amount".formatted(model),
            equalTo("1000"))
        .body(
            "items.find { it.sku == '%s.preemptible.kr-ulsan' }.price.amount".formatted(model),
            equalTo("400"))
        .body(
            "items.find { it.sku == 'b200.mig-1g.on-demand.kr-ulsan' }.unit",
            equalTo("INSTANCE_HOUR"));
    as("somebody")
        .get("/api/v1/prices?pageSize=2")
        .then()
        .body("items", hasSize(2))
        .body("nextPageToken", notNullValue());
  }

  private static final String BANDS =
      "bands: [{upToHours: 1000, priceKrw: 4500}, {upToHours: 5000, priceKrw: 4200},"
          + " {priceKrw: 3900}]";

  /** 5,200 GPU-hours at 4,500 up to 1,000, 4,200 up to 5,000, and 3,900 above: 22,080,000 won. */
  @Test
  void aListPriceMayHaveTiers() throws Exception {
    String book = book("2026-01-01", "{" + BANDS + "}");
    importPrices(book).then().statusCode(200).body("pricesCreated", equalTo(2));
    importPrices(book).then().statusCode(200).body("pricesCreated", equalTo(0));
    importPrices(book.replace("3900", "3800"))
        .then()
        .statusCode(400)
        .body("errors[0].detail", containsString("never changes"));
    String price = "items.find { it.sku == '%s.preemptible.kr-ulsan' }.".formatted(model);
    as("somebody")
        .get("/api/v1/prices?pageSize=1000")
        .then()
        .body(price + "price.amount", equalTo("1800"))
        .body(price + "tiers.mode", equalTo("GRADUATED"))
        .body(price + "tiers.bands.upToHours", contains("1000", "5000", null))
        .body(price + "tiers.bands.priceKrw", contains("4500", "4200", "3900"));
    World world = World.external();
    World.Run run = world.new Run("a", model + ".8x", model, 8);
    TestKafka.send(
        run.event("instance.started", "2026-11-01T00:00:00"),
        run.event("instance.stopped", "2026-11-28T02:00:00"));
    world.awaitEvents(2);
    World.eventually(
        () ->
            count(
                    "select count(*) from usage_day where tenant_id = '%s' and looked = version",
                    world.tenant)
                == 1);
    String invoice =
        world
            .draft("2026-11")
            .then()
            .statusCode(201)
            .body("lines.exactFraction", contains("22080000"))
            .body("lines[0].details[0].listPrice", equalTo("4500"))
            .extract()
            .path("id");
    assertThat(
            count("select count(*) from usage_day where tenant_id = '%s' and booked", world.tenant))
        .isZero();
    Offline.assertTheSame(
        invoice, Offline.rate(world.slug, "2026-11", Offline.events("2026-11", world)));
    Report report =
        new InvoiceOracle()
            .verify(
                Offline.events("2026-11", world),
                auditor().get("/api/v1/finance/exports/prices").asString(),
                auditor().get("/api/v1/finance/invoices/" + invoice).asString());
    assertThat(report.differences()).isEmpty();
    tried(world, book("2026-01-01", "{mode: VOLUME, " + BANDS + "}"), "20280000");
    tried(world, book("2026-01-01", "{" + BANDS.replace("3900", "3899") + "}"), "22079800");
  }

  private static void tried(World world, String book, String won) throws Exception {
    finance()
        .body(new YAMLMapper().readTree(book).toString())
        .post("/api/v1/finance/price-books/dry-run?month=2026-11&pageSize=1000")
        .then()
        .statusCode(200)
        .body(
            "items.find { it.accountId == '%s' }.draft.amount".formatted(world.account()),
            equalTo(won));
  }

  @Test
  void takesTheExampleOfTheDocumentation() throws Exception {
    String example =
        Files.readString(
            Path.of(System.getProperty("gpucloud.root"), "docs", "prices", "example.yaml"));
    finance()
        .body(new YAMLMapper().readTree(example).toString())
        .post("/api/v1/finance/price-books/dry-run?month=2026-11&pageSize=1")
        .then()
        .statusCode(200);
    String ofItsOwn =
        example
            .substring(example.indexOf("gpuModels:"))
            .replace("b200", model)
            .replace("h100", model + "h");
    int discounts = ofItsOwn.indexOf("  discountPct:");
    importPrices(ofItsOwn.substring(0, discounts))
        .then()
        .statusCode(200)
        .body("pricesCreated", equalTo(30));
  }

  @Test
  void onlyFinanceAndAdminsImport() throws Exception {
    given().body("{}").post("/api/v1/finance/imports/prices").then().statusCode(401);
    as("somebody").body("{}").post("/api/v1/finance/imports/prices").then().statusCode(403);
    as("aud-1", "auditor").body("{}").post("/api/v1/finance/imports/prices").then().statusCode(403);
    given().get("/api/v1/prices").then().statusCode(401);
    as("fin-1", "finance")
        .contentType("text/csv")
        .body("a,b")
        .post("/api/v1/finance/imports/prices")
        .then()
        .statusCode(415);
  }
}
