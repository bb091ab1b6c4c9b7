package dev.gpucloud.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The main job over the public API alone: from a catalogue to an issued invoice. */
class StoryIT {
  private static final String INSTANCES = "/projects/sk-telecom.ai-ran/instances";
  private static final long WON_PER_GPU_HOUR = 7200;
  private static final long SUBSIDIARY_PCT = 75;

  private final Http operator = Product.as("sk-telecom-operator");
  private final Http finance = Product.as("finance");
  private final Http approver = Product.as("approver");

  @AfterEach
  void letTheClockRun() {
    Product.run();
  }

  @Test
  void twoInstancesBecomeOneInvoice() {
    Product.freeze();
    Instant start = BillingMonth.of(Product.now()).next().start().plus(Duration.ofHours(9));
    Product.advanceTo(start);
    cataloguePricesAndAvailabilityAreShown();

    List<String> ids = List.of(create("story-a"), create("story-b"));
    ids.forEach(this::seeItBoot);
    Product.advanceTo(start.plus(Duration.ofHours(10)));
    operator.post(INSTANCES + "/" + ids.getFirst() + "/stop", "").expect(202);
    becomes(ids.getFirst(), "STOPPED");
    Product.advanceTo(start.plus(Duration.ofHours(25)));
    ids.forEach(id -> operator.delete(INSTANCES + "/" + id).expect(202));
    ids.forEach(id -> becomes(id, "DELETED"));

    BillingMonth month = BillingMonth.of(start);
    Product.advanceTo(month.end());
    JsonNode invoice = bill(month);

    long supply = (10 + 25) * 8 * WON_PER_GPU_HOUR * SUBSIDIARY_PCT / 100;
    assertThat(invoice.at("/supplyValue/amount").asLong()).isEqualTo(supply);
    assertThat(invoice.at("/vat/amount").asLong()).isEqualTo(supply / 10);
    assertThat(invoice.at("/total/amount").asLong()).isEqualTo(supply + supply / 10);
    assertThat(invoice.at("/total/currency").asText()).isEqualTo("KRW");
    assertThat(billedSeconds(invoice)).containsExactlyInAnyOrder(36_000L, 90_000L);
    theTenantSeesIt(invoice);
  }

  private void cataloguePricesAndAvailabilityAreShown() {
    JsonNode types = operator.get("/instance-types?pageSize=100").expect(200).json().path("items");
    for (JsonNode type : types) {
      if (type.path("id").asText().equals("b200.8x")) {
        assertThat(type.at("/price/amount").asLong()).isEqualTo(WON_PER_GPU_HOUR);
        assertThat(type.at("/price/unit").asText()).isEqualTo("GPU_HOUR");
        assertThat(type.path("available").asInt()).isGreaterThan(1000);
        assertThat(type.path("availability").toString()).contains("kr-ulsan-1");
        return;
      }
    }
    throw new AssertionError("b200.8x is not in the catalogue: " + types);
  }

  private String create(String name) {
    String key = UUID.randomUUID().toString();
    String body = "{\"name\":\"%s\",\"instanceType\":\"b200.8x\"}".formatted(name);
    Http.Answer first = operator.post(INSTANCES, body, key).expect(202);
    assertThat(first.header("Location")).startsWith("/api/v1/operations/op_");
    assertThat(first.json().path("state").asText()).isEqualTo("PENDING");

    Http.Answer again = operator.post(INSTANCES, body, key).expect(202);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.json()).isEqualTo(first.json());
    return first.json().path("id").asText();
  }

  private void seeItBoot(String id) {
    becomes(id, "RUNNING");
    Set<String> states = new LinkedHashSet<>();
    operator
        .get(INSTANCES + "/" + id + "/history")
        .expect(200)
        .json()
        .path("items")
        .forEach(entry -> states.add(entry.path("state").asText()));
    assertThat(states).containsExactly("PENDING", "PROVISIONING", "RUNNING");
  }

  private void becomes(String id, String state) {
    Product.eventually(() -> operator.get(INSTANCES + "/" + id).json(), "/state", state);
  }

  private JsonNode bill(BillingMonth month) {
    Product.eventually(
        () -> finance.get("/finance/months/" + month + "/readiness?tenant=sk-telecom").json(),
        "/ready",
        "true");
    String order = "{\"tenant\":\"sk-telecom\",\"month\":\"%s\"}".formatted(month);
    JsonNode draft = finance.post("/finance/invoices", order).expect(201).json();
    assertThat(draft.path("state").asText()).isEqualTo("DRAFT");
    finance.post("/finance/invoices", order).expect(409);
    String path = "/finance/invoices/" + draft.path("id").asText();

    act(finance, path, "issue").expect(409);
    // the agents' last heartbeats come to billing beside the events
    Product.eventually(() -> act(finance, path, "submit").json(), "/state", "IN_REVIEW");
    act(finance, path, "approve").expect(403);
    act(approver, path, "approve").expect(200);
    JsonNode issued = act(finance, path, "issue").expect(200).json();
    assertThat(issued.path("state").asText()).isEqualTo("ISSUED");
    assertThat(issued.path("number").asText()).matches(month + "-\\d{6}");
    return finance.get(path).expect(200).json();
  }

  private static Http.Answer act(Http who, String path, String action) {
    return who.act(path + "/" + action, who.get(path).expect(200).header("ETag"));
  }

  private static List<Long> billedSeconds(JsonNode invoice) {
    List<Long> seconds = new ArrayList<>();
    for (JsonNode line : invoice.path("lines")) {
      line.path("details").forEach(d -> seconds.add(d.path("billedSeconds").asLong()));
    }
    return seconds;
  }

  private void theTenantSeesIt(JsonNode invoice) {
    String id = invoice.path("id").asText();
    JsonNode seen = operator.get("/tenants/sk-telecom/invoices/" + id).expect(200).json();
    assertThat(seen.path("number")).isEqualTo(invoice.path("number"));
    Product.as("sk-hynix-operator").get("/tenants/sk-telecom/invoices/" + id).expect(404);
    Product.as("sk-hynix-operator").get("/tenants/sk-hynix/invoices/" + id).expect(404);
    Product.as("sk-telecom-viewer").get("/tenants/sk-telecom/invoices/" + id).expect(403);
  }
}
