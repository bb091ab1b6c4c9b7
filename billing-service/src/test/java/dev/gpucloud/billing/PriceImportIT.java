package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.importPrices;
import static dev.gpucloud.billing.fixture.World.scenario;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.junit.QuarkusTest;
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
