package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.approver;
import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.finance;
import static dev.gpucloud.billing.fixture.World.move;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.TestDatabase;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tax documents from the issued invoice to the tax office and back, on the real database. */
@QuarkusTest
class TaxDocumentIT extends AfterTheMonth {
  private static final String DOCUMENTS = "/api/v1/finance/tax-documents/";

  private World world;
  private String number;

  @BeforeEach
  void anIssuedInvoice() throws Exception {
    world = new World().tenant("SUBSIDIARY", "GROUP_SERVICE", "");
    world.ran("a", 8, "2026-11-02T09:00:00", "2026-11-02T12:00:00");
    world.awaitEvents(5);
    String id = world.draft("2026-11").then().statusCode(201).extract().path("id");
    move(finance(), id, "submit").then().statusCode(200);
    move(approver(), id, "approve").then().statusCode(200);
    number = move(finance(), id, "issue").then().statusCode(200).extract().path("number");
    // a new database counts from 1 again, and the folder outlives it
    Files.deleteIfExists(Path.of("target/tax-documents", number + ".xml"));
  }

  private ValidatableResponse made(String body) {
    return finance()
        .contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(body)
        .post("/api/v1/finance/invoices/" + number + "/tax-documents")
        .then();
  }

  private static ValidatableResponse act(String key, String action, String body) {
    return finance()
        .contentType("application/json")
        .body(body)
        .post(DOCUMENTS + key + "/" + action)
        .then();
  }

  private static String approval(String number) {
    String digits = "2027" + number.replaceAll("[^0-9]", "") + "0".repeat(8);
    return "{\"approvalNumber\":\"" + digits + "\"}";
  }

  private void accepted() {
    made("{}").statusCode(201);
    act(number, "transmit", "{}").statusCode(200);
    act(number, "accept", approval(number)).statusCode(200);
  }

  @Test
  void goesFromTheInvoiceToTheTaxOfficeOnce() throws IOException {
    finance()
        .get("/api/v1/finance/invoices/" + number + "/tax-documents")
        .then()
        .statusCode(200)
        .body("items", hasSize(0))
        .body("issueBy", equalTo("2026-12-10"))
        .body("warnings.code", contains("ISSUE_OVERDUE"));
    made("{}")
        .statusCode(201)
        .body("items[0].key", equalTo(number))
        .body("items[0].state", equalTo("ISSUED"))
        .body("items[0].writeDate", equalTo("2026-11-30"))
        .body("items[0].supplyValue.amount", equalTo("129600"))
        .body("items[0].vat.amount", equalTo("12960"))
        .body("items[0].transmitBy", equalTo("2027-01-03"))
        .body("items[0].warnings.code", contains("TRANSMISSION_DUE_SOON"));
    made("{}").statusCode(409).body("code", equalTo("ALREADY_EXISTS"));
    made("{\"reason\":6}").statusCode(409).body("code", equalTo("STATE_CONFLICT"));

    act(number, "accept", approval(number)).statusCode(409);
    act(number, "transmit", "{}")
        .statusCode(200)
        .body("state", equalTo("TRANSMITTED"))
        .body("reference", equalTo(number + ".xml"))
        .body("warnings", hasSize(0));
    act(number, "transmit", "{}").statusCode(409).body("params.state", equalTo("TRANSMITTED"));
    assertThat(Files.readString(Path.of("target/tax-documents", number + ".xml")))
        .contains("<SupplyValue>129600</SupplyValue>");

    act(number, "reject", "{\"reason\":\"recipient unknown\"}")
        .statusCode(200)
        .body("state", equalTo("REJECTED"));
    act(number, "transmit", "{}").statusCode(200).body("state", equalTo("TRANSMITTED"));
    act(number, "accept", "{\"approvalNumber\":\"12\"}")
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/approvalNumber"));
    act(number, "accept", approval(number)).statusCode(200).body("state", equalTo("ACCEPTED"));
    act(number, "reject", "{\"reason\":\"too late\"}").statusCode(409);
  }

  @Test
  void amendsBySlaCreditsUntilNothingIsLeft() {
    accepted();
    made("{\"reason\":2}").statusCode(400).body("errors[0].pointer", equalTo("/supplyValue"));
    made("{\"reason\":2,\"supplyValue\":\"-12965\",\"day\":\"2026-12-20\",\"name\":\"SLA\"}")
        .statusCode(201)
        .body("items", hasSize(1))
        .body("items[0].key", equalTo(number + "-D1"))
        .body("items[0].reason", equalTo(2))
        .body("items[0].writeDate", equalTo("2026-12-20"))
        .body("items[0].supplyValue.amount", equalTo("-12965"))
        .body("items[0].vat.amount", equalTo("-1296"));
    made("{\"reason\":2,\"supplyValue\":\"-5\",\"day\":\"2026-12-21\"}")
        .statusCode(201)
        .body("items[0].key", equalTo(number + "-D2"))
        .body("items[0].vat.amount", equalTo("-1"));
    made("{\"reason\":2,\"supplyValue\":\"-129600\",\"day\":\"2026-12-22\"}")
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/supplyValue"));
  }

  @Test
  void takesBackAndReplacesAfterAnEntryError() {
    accepted();
    made("{\"reason\":1,\"items\":[{\"name\":\"H100\",\"supplyValue\":\"117000\"}]}")
        .statusCode(201)
        .body("items.key", contains(number + "-M1", number + "-P1"))
        .body("items.supplyValue.amount", contains("-129600", "117000"))
        .body("items.vat.amount", contains("-12960", "11700"))
        .body("items.writeDate", contains("2026-11-30", "2026-11-30"));
    made("{\"reason\":4,\"day\":\"2026-12-22\"}")
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"));
  }

  @Test
  void refusesChangesInTheDatabaseItself() {
    accepted();
    assertThatThrownBy(() -> sql("update tax_document set vat_krw = 1 where key = '%s'"))
        .hasMessageContaining("is accepted");
    assertThatThrownBy(() -> sql("delete from tax_document where key = '%s'"))
        .hasMessageContaining("not deleted");
  }

  private void sql(String statement) throws SQLException {
    try (Connection c = TestDatabase.admin();
        Statement s = c.createStatement()) {
      s.execute(statement.formatted(number));
    }
  }

  @Test
  void turnsStrangersAndWrongRolesAway() {
    String path = "/api/v1/finance/invoices/" + number + "/tax-documents";
    assertThat(given().get(path).statusCode()).isEqualTo(401);
    assertThat(as(world.owner).get(path).statusCode()).isEqualTo(403);
    assertThat(given().post(DOCUMENTS + number + "/transmit").statusCode()).isEqualTo(401);
    assertThat(approver().post(DOCUMENTS + number + "/transmit").statusCode()).isEqualTo(403);
    assertThat(finance().post(DOCUMENTS + "2026-11-999999/transmit").statusCode()).isEqualTo(404);
  }
}
