package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.finance;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who of an account bears an invoice, and statements of what is no supply. */
@QuarkusTest
class ChargebackIT extends AfterTheMonth {

  /** Runs of an hour on 8 GPUs, 1 GPU and 1 GPU, the last one for no cost centre. */
  private static String issued(World world) {
    hour(world, 8, "\"costCenter\":\"rnd-1\",");
    hour(world, 1, "\"costCenter\":\"fab-2\",");
    hour(world, 1, "");
    world.awaitEvents(6);
    String id = world.draft(MONTH).then().statusCode(201).extract().path("id");
    World.issue(id);
    return id;
  }

  private static void hour(World world, int gpus, String costCenter) {
    World.Run run = world.b200("r" + gpus, gpus);
    TestKafka.send(
        with(run.event("instance.started", "2026-11-02T09:00:00"), costCenter),
        with(run.event("instance.stopped", "2026-11-02T10:00:00"), costCenter));
  }

  private static TestKafka.Event with(TestKafka.Event e, String costCenter) {
    return new TestKafka.Event(
        e.id(),
        e.source(),
        e.topic(),
        e.key(),
        e.type(),
        e.tenant(),
        e.sequence(),
        e.json().replace("\"state\":", costCenter + "\"state\":"));
  }

  @Test
  void aCostShareIsStatedWithoutVatAndHasNoTaxDocument() {
    World world = new World().tenant("SUBSIDIARY", "COST_SHARE", "");
    String id = issued(world);
    auditor()
        .get("/api/v1/finance/invoices/" + id + "/chargeback-statement")
        .then()
        .statusCode(200)
        .body("mode", equalTo("COST_SHARE"))
        .body("supply", equalTo(false))
        .body("owed", equalTo(true))
        .body("$", not(hasKey("vat")))
        .body("recipient.businessNumber", equalTo(world.number()))
        .body("projects.key", contains("p"))
        .body("projects.cost.amount", contains("54000"))
        .body("costCenters.key", contains("", "fab-2", "rnd-1"))
        .body("costCenters.cost.amount", contains("5400", "5400", "43200"))
        .body("costCenters.hours", contains("1.000000000000", "1.000000000000", "8.000000000000"))
        .body("skus.key", contains("b200-sxm-180g.on-demand.kr-ulsan"))
        .body("total.amount", equalTo("54000"));
    as(world.billingViewer)
        .get("/api/v1/tenants/" + world.slug + "/invoices/" + id + "/chargeback-statement")
        .then()
        .statusCode(200)
        .body("total.amount", equalTo("54000"));
    finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body("{}")
        .post("/api/v1/finance/invoices/" + id + "/tax-documents")
        .then()
        .statusCode(400)
        .body(
            "errors.find { it.pointer == '/taxType' }.detail",
            containsString("no supply has no tax document"));
  }

  @Test
  void partsOfATaxedInvoiceSumToItsAmounts() {
    World world = World.external();
    String id = issued(world);
    String path = "/api/v1/tenants/" + world.slug + "/invoices/" + id;
    as(world.owner)
        .get(path + "/breakdown?by=cost-center")
        .then()
        .statusCode(200)
        .body("by", equalTo("COST_CENTER"))
        .body("parts.supplyValue.amount", contains("7200", "7200", "57600"))
        .body("parts.vat.amount", contains("720", "720", "5760"))
        .body("supplyValue.amount", equalTo("72000"))
        .body("total.amount", equalTo("79200"));
    as(world.owner)
        .get(path + "/breakdown")
        .then()
        .body("parts.key", contains("p"))
        .body("parts[0].total.amount", equalTo("79200"));
    auditor()
        .get("/api/v1/finance/invoices/" + id + "/breakdown?by=sku")
        .then()
        .statusCode(200)
        .body("parts.key", contains("b200-sxm-180g.on-demand.kr-ulsan"))
        .body("parts[0].hours", equalTo("10.000000000000"));
    auditor()
        .get("/api/v1/finance/invoices/" + id + "/chargeback-statement")
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"))
        .body("params.mode", equalTo("EXTERNAL"));
    auditor()
        .get("/api/v1/finance/invoices/" + id + "/breakdown?by=rack")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("by"));
    World foreign = World.external();
    as(foreign.owner)
        .get("/api/v1/tenants/" + foreign.slug + "/invoices/" + id + "/breakdown")
        .then()
        .statusCode(404);
    as(foreign.owner).get(path + "/breakdown").then().statusCode(404);
    as(world.viewer).get(path + "/breakdown").then().statusCode(403);
  }
}
