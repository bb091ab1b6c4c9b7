package dev.gpucloud.inventory.delivery;

import static dev.gpucloud.inventory.fixture.World.count;
import static dev.gpucloud.inventory.fixture.World.eventually;
import static dev.gpucloud.inventory.fixture.World.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.inventory.fixture.Checker;
import dev.gpucloud.inventory.fixture.Hardware;
import dev.gpucloud.inventory.fixture.Hardware.Host;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Deliveries from the order to the last accepted host, with what goes wrong on the way. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class DeliveryStoryIT {

  private static String ordered(int hosts) {
    String site = TestKafka.nextSite();
    String document = World.fleet(site, hosts, "").replace("\"ACCEPTED\"", "\"ORDERED\"");
    World.importFleet(
            document.substring(0, document.length() - 1)
                + ",\"hosts\":["
                + String.join(
                    ",",
                    IntStream.rangeClosed(1, hosts)
                        .mapToObj(
                            n ->
                                "{\"delivery\":\"dlv-%1$s\",\"serial\":\"%1$s-%2$d\"}"
                                    .formatted(site, n))
                        .toList())
                + "]}")
        .then()
        .statusCode(200);
    return site;
  }

  private static Response move(String site, String action, String body) {
    String path = "/api/v1/admin/deliveries/dlv-" + site;
    String tag = World.admin().get(path).header("ETag");
    return World.admin()
        .contentType("application/json")
        .header("If-Match", tag)
        .body(body)
        .post(path + "/" + action);
  }

  private static void deliver(String site) {
    move(site, "ship", "{\"reason\":\"left the factory\"}").then().statusCode(200);
    move(site, "deliver", "{\"reason\":\"stands in the hall\"}").then().statusCode(200);
  }

  private static String state(String serial) {
    return value("select state from host where serial = '" + serial + "'");
  }

  private static void awaitState(String serial, String state) {
    eventually(() -> state(serial).equals(state));
  }

  private static List<String> open(String site) {
    return World.admin()
        .queryParam("site", site)
        .queryParam("state", "OPEN")
        .get("/api/v1/admin/discrepancies")
        .jsonPath()
        .getList("items.collect { it.kind + ' ' + it.serial }");
  }

  private static void burnIn(Hardware hardware, String serial, double tflops) {
    hardware.burnIn(hardware.order(serial, "BURNED_IN"), tflops);
  }

  @Test
  void movesNeedTheVersionAndKeepTheirOrder() {
    String site = ordered(1);
    String path = "/api/v1/admin/deliveries/dlv-" + site;

    World.admin()
        .contentType("application/json")
        .body("{\"reason\":\"x\"}")
        .post(path + "/ship")
        .then()
        .statusCode(428);
    World.admin()
        .contentType("application/json")
        .header("If-Match", "\"7\"")
        .body("{\"reason\":\"x\"}")
        .post(path + "/ship")
        .then()
        .statusCode(412);
    move(site, "ship", "{}").then().statusCode(400).body("errors[0].pointer", equalTo("/reason"));
    move(site, "deliver", "{\"reason\":\"x\"}")
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"))
        .body("params.allowed", contains("ship", "slip", "announce"));
    move(site, "slip", "{\"due\":\"2026-03-01\",\"reason\":\"no memory to be had\"}")
        .then()
        .statusCode(200)
        .body("promised", equalTo("2026-01-01"))
        .body("due", equalTo("2026-03-01"))
        .body("slipDays", equalTo(59));
    deliver(site);
    move(site, "slip", "{\"due\":\"2026-04-01\",\"reason\":\"x\"}").then().statusCode(409);

    World.admin()
        .get(path + "/history")
        .then()
        .body("items.event", contains("IMPORTED", "SLIPPED", "SHIPPED", "DELIVERED"))
        .body("items.due", hasItem("2026-01-01"))
        .body("items[1].reason", equalTo("no memory to be had"))
        .body("items[1].actor", equalTo("platform-admin"));
    World.admin()
        .queryParam("site", site)
        .queryParam("state", "DELIVERED")
        .get("/api/v1/admin/deliveries")
        .then()
        .body("items.id", contains("dlv-" + site));
    World.admin()
        .queryParam("state", "LOST")
        .get("/api/v1/admin/deliveries")
        .then()
        .statusCode(400);
  }

  @Test
  void itsHostsAreAnnouncedBySerialUntilItIsHere() {
    String standing = World.site(1, "");
    String other = "other-" + standing;
    World.importFleet(World.fleet(other, 1, "").replace("\"ACCEPTED\"", "\"ORDERED\""))
        .then()
        .statusCode(200);
    move(other, "announce", "{\"reason\":\"x\",\"hosts\":[{\"serial\":\"%s-1\"}]}".formatted(other))
        .then()
        .statusCode(200);
    String taken = value("select serial from host where site_id = '" + standing + "'");
    String site = ordered(3);
    String path = "/api/v1/admin/deliveries/dlv-" + site;
    String hosts =
        """
        {"reason":"packing list","hosts":[{"serial":"%1$s-B","name":"%1$s-n1"},
         {"serial":"%1$s-A","rack":"%1$s-r7"},{"serial":"%1$s-1"}]}"""
            .formatted(site);

    World.admin()
        .contentType("application/json")
        .body(hosts)
        .post(path + "/announce")
        .then()
        .statusCode(428);
    move(site, "announce", "{\"reason\":\"x\",\"hosts\":[]}")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/hosts"));
    move(
            site,
            "announce",
            "{\"reason\":\"x\",\"hosts\":[{\"serial\":\"%s\"},{\"serial\":\"%s-1\"}]}"
                .formatted(taken, other))
        .then()
        .statusCode(400)
        .body("code", equalTo("VALIDATION_FAILED"))
        .body("errors.pointer", contains("/hosts/0/serial", "/hosts/1/serial"))
        .body("errors[0].detail", startsWith("'" + taken + "' is host "))
        .body("errors[0].detail", containsString("of delivery dlv-" + standing))
        .body(
            "errors[1].detail",
            equalTo("'%1$s-1' is announced for delivery dlv-%1$s".formatted(other)));
    move(site, "announce", hosts).then().statusCode(200).body("version", equalTo(2));

    Response first = World.admin().queryParam("pageSize", 2).get(path + "/expected-hosts");
    first.then().body("items.serial", contains(site + "-B", site + "-A"));
    World.admin()
        .queryParam("pageToken", first.path("nextPageToken").toString())
        .get(path + "/expected-hosts")
        .then()
        .body("items.serial", contains(site + "-1"));
    deliver(site);
    assertThat(
            value(
                "select string_agg(serial, ' ' order by serial) from host where site_id = '%s'"
                    .formatted(site)))
        .isEqualTo("%1$s-1 %1$s-A %1$s-B".formatted(site));
    Hardware hardware = new Hardware(site);
    hardware.order(site + "-A", "SEEN");
    hardware.find(Host.of(site + "-A"));
    awaitState(site + "-A", "ACCEPTING");
    move(site, "announce", hosts).then().statusCode(409).body("code", equalTo("STATE_CONFLICT"));
    World.admin()
        .get(path + "/history")
        .then()
        .body("items[1].event", equalTo("CHANGED"))
        .body("items[1].reason", equalTo("packing list"));
  }

  @Test
  void aDeliveryIsAcceptedWhenEachHostIsInServiceOrWaived() {
    String site = ordered(4);
    String right = site + "-1";
    String wrong = site + "-2";
    String missing = site + "-3";
    String weak = site + "-4";
    Hardware hardware = new Hardware(site);
    deliver(site);
    World.admin()
        .get("/api/v1/admin/deliveries/dlv-" + site)
        .then()
        .body("hostStates.EXPECTED", equalTo(4));
    assertThat(hardware.order(right, "SEEN").path("gpus").asInt()).isEqualTo(8);

    hardware.find(Host.of(right));
    hardware.find(Host.of(wrong).ofModel("h200-sxm-141g").withGpus(7));
    hardware.find(Host.of(weak));
    hardware.find(Host.of(site + "-stranger"));
    eventually(() -> open(site).size() == 3);

    assertThat(open(site))
        .containsExactlyInAnyOrder(
            "WRONG_GPU_COUNT " + wrong,
            "WRONG_GPU_MODEL " + wrong,
            "UNKNOWN_SERIAL " + site + "-stranger");
    assertThat(state(wrong)).isEqualTo("EXPECTED");
    assertThat(state(right)).isEqualTo("ACCEPTING");
    burnIn(hardware, right, 1700);
    burnIn(hardware, weak, 90);
    awaitState(right, "ACTIVE");
    awaitState(weak, "QUARANTINED");
    assertThat(value("select state_reason from host where serial = '" + weak + "'"))
        .startsWith("BURN_IN_FAILED: GPU 0: GEMM 90.0 of 100 TFLOPS");
    World.awaitPool(site, World.MODEL);

    Tenant tenant = World.tenantWithQuota(8);
    eventually(() -> World.create(tenant, "first", "b200.4x", site).statusCode() == 202);
    tenant
        .as("viewer")
        .get(tenant.instances() + "/first/acceptance-report")
        .then()
        .statusCode(200)
        .body("acceptedBy", equalTo("BURN_IN"))
        .body("burnIn.gpus", hasSize(4))
        .body("burnIn.gpus[0].gemmTflops", equalTo(1700.0f))
        .body("burnIn.ncclBusGbPerSecond", equalTo(671.5f));
    World.tenant()
        .as("owner")
        .get(tenant.instances() + "/first/acceptance-report")
        .then()
        .statusCode(404);

    hardware.find(Host.of(wrong));
    burnIn(hardware, wrong, 1700);
    awaitState(wrong, "ACTIVE");
    World.update(
        "update delivery set delivered_at = delivered_at - interval '5 days' where site_id = '"
            + site
            + "'");
    eventually(() -> open(site).contains("MISSING_HOST " + missing));
    assertThat(open(site))
        .containsExactlyInAnyOrder(
            "MISSING_HOST " + missing, "UNKNOWN_SERIAL " + site + "-stranger");

    move(site, "accept", "{\"reason\":\"done\"}")
        .then()
        .statusCode(409)
        .body("params.openHosts", contains(missing, weak))
        .body("errors[0].detail", containsString("EXPECTED"));
    move(
            site,
            "accept",
            """
            {"reason":"done","waived":[{"host":"%s","reason":"never came"},
             {"host":"%s","reason":"back to the vendor"}]}"""
                .formatted(missing, weak))
        .then()
        .statusCode(200)
        .body("state", equalTo("ACCEPTED"))
        .body("hostsAccepted", equalTo(2))
        .body("hostStates.RETIRED", equalTo(2));
    assertThat(open(site)).containsExactly("UNKNOWN_SERIAL " + site + "-stranger");
    assertThat(value("select booked_kw from hall where site_id = '" + site + "'"))
        .isEqualTo("28.600");
    hardware.find(Host.of(missing));
    eventually(() -> open(site).contains("RETIRED_HOST " + missing));
    Checker.check();
  }

  @Test
  void gpusHaveTheFactsOfTheirDiscovery() {
    String site = ordered(2);
    Hardware hardware = new Hardware(site);
    deliver(site);
    hardware.find(Host.of(site + "-1"));
    awaitState(site + "-1", "ACCEPTING");

    World.admin()
        .queryParam("site", site)
        .queryParam("health", "OK")
        .queryParam("pageSize", 5)
        .get("/api/v1/admin/gpus")
        .then()
        .statusCode(200)
        .body("items", hasSize(5))
        .body("items[0].serial", equalTo(site + "-1-G0"))
        .body("items[0].uuid", startsWith("GPU-"))
        .body("items[0].firmware", equalTo("97.00"))
        .body("items[0].migMode", equalTo("DISABLED"))
        .body("nextPageToken", notNullValue());
    World.admin()
        .queryParam("site", site)
        .queryParam("health", "UNKNOWN")
        .get("/api/v1/admin/gpus")
        .then()
        .body("items", hasSize(8));

    hardware.find(Host.of(site + "-2").withGpusOf(site + "-1"));
    eventually(() -> open(site).contains("DUPLICATE_GPU " + site + "-2"));
    assertThat(state(site + "-2")).isEqualTo("EXPECTED");
  }

  @Test
  void anOlderLookAStrangersTopicAndARepeatedBurnInChangeNothing() {
    String site = ordered(1);
    String other = World.siteWithAgent(1);
    String serial = site + "-1";
    Hardware hardware = new Hardware(site);
    deliver(site);
    new Hardware(other).find(Host.of(serial));
    eventually(() -> open(other).contains("OTHER_SITE " + serial));
    assertThat(state(serial)).isEqualTo("EXPECTED");
    double before = World.metric("gpucloud_discoveries_refused_total", "OTHER_TOPIC");
    hardware.find(Host.of(serial), other, 1_000_000);
    eventually(
        () -> World.metric("gpucloud_discoveries_refused_total", "OTHER_TOPIC") == before + 1);
    assertThat(state(serial)).isEqualTo("EXPECTED");

    long look = hardware.find(Host.of(serial));
    awaitState(serial, "ACCEPTING");
    double stale = World.metric("gpucloud_discoveries_refused_total", "STALE");
    hardware.find(Host.of(serial).withGpus(2), site, look - 1);
    eventually(() -> World.metric("gpucloud_discoveries_refused_total", "STALE") == stale + 1);
    assertThat(open(site)).isEmpty();

    JsonNode order = hardware.order(serial, "BURNED_IN");
    hardware.burnIn(order, 1700);
    awaitState(serial, "ACTIVE");
    double refused = World.metric("gpucloud_burn_ins_refused_total", "NOT_ASKED_FOR");
    hardware.burnIn(order, 10);
    eventually(
        () -> World.metric("gpucloud_burn_ins_refused_total", "NOT_ASKED_FOR") == refused + 1);
    assertThat(state(serial)).isEqualTo("ACTIVE");
  }

  @Test
  void ofTwoHostsThatWantTheLastPowerOneGoesIntoService() throws Exception {
    String site = ordered(2);
    Hardware hardware = new Hardware(site);
    deliver(site);
    for (int n = 1; n <= 2; n++) {
      hardware.find(Host.of(site + "-" + n));
      awaitState(site + "-" + n, "ACCEPTING");
    }
    World.update("update hall set power_kw = 10 where site_id = '" + site + "'");
    for (int n = 1; n <= 2; n++) {
      burnIn(hardware, site + "-" + n, 1700);
    }
    eventually(() -> open(site).size() == 2);
    assertThat(open(site))
        .containsExactlyInAnyOrder("NO_POWER " + site + "-1", "NO_POWER " + site + "-2");
    World.update("update hall set power_kw = 20 where site_id = '" + site + "'");

    List<Response> answers = completeBoth(site);

    assertThat(answers.stream().map(Response::statusCode)).containsExactlyInAnyOrder(200, 409);
    Response refused =
        answers.stream().filter(a -> a.statusCode() == 409).findFirst().orElseThrow();
    refused
        .then()
        .body("params.place", equalTo(site + "-h1"))
        .body("params.freeKw", equalTo(5.7f))
        .body("params.neededKw", equalTo(14.3f));
    assertThat(
            count("select count(*) from host where state = 'ACTIVE' and site_id = '" + site + "'"))
        .isEqualTo(1);
    assertThat(open(site)).hasSize(1);
    assertThat(value("select booked_kw from hall where site_id = '" + site + "'"))
        .isEqualTo("14.300");
  }

  private static List<Response> completeBoth(String site)
      throws InterruptedException, ExecutionException {
    try (ExecutorService both = Executors.newFixedThreadPool(2)) {
      Future<Response> first = both.submit(() -> complete(site + "-1"));
      Future<Response> second = both.submit(() -> complete(site + "-2"));
      return List.of(first.get(), second.get());
    }
  }

  private static Response complete(String serial) {
    String name = value("select name from host where serial = '" + serial + "'");
    return World.admin()
        .contentType("application/json")
        .body("{\"reason\":\"another feed\"}")
        .post("/api/v1/admin/hosts/" + name + "/acceptance/complete");
  }

  @Test
  void anAdminResolvesADiscrepancyWithANoteAndItOpensAgainWhenItIsSeenAgain() {
    String site = ordered(1);
    Hardware hardware = new Hardware(site);
    String stranger = site + "-stranger";
    hardware.find(Host.of(stranger));
    eventually(() -> open(site).contains("UNKNOWN_SERIAL " + stranger));
    String path =
        "/api/v1/admin/discrepancies/"
            + value("select id from discrepancy where serial = '" + stranger + "'");
    String tag = World.admin().get(path).header("ETag");

    World.admin()
        .contentType("application/json")
        .header("If-Match", tag)
        .body("{\"note\":\"a loan of the vendor\"}")
        .post(path + "/resolve")
        .then()
        .statusCode(200)
        .body("state", equalTo("RESOLVED"))
        .body("resolvedBy", equalTo("platform-admin"))
        .body("note", equalTo("a loan of the vendor"));
    World.admin()
        .contentType("application/json")
        .header("If-Match", "*")
        .body("{\"note\":\"again\"}")
        .post(path + "/resolve")
        .then()
        .statusCode(409);
    hardware.find(Host.of(stranger));
    eventually(() -> open(site).contains("UNKNOWN_SERIAL " + stranger));
  }

  @Test
  void aDueDateIsADateOfThisAge() {
    String site = ordered(1);

    for (String odd :
        List.of("+999999999-12-31", "2027-07-01T00:00:00Z", "0000-01-01", "1999-12-31")) {
      move(site, "slip", "{\"due\":\"%s\",\"reason\":\"late\"}".formatted(odd))
          .then()
          .statusCode(400)
          .body("code", equalTo("VALIDATION_FAILED"))
          .body("errors[0].pointer", equalTo("/due"));
    }
  }
}
