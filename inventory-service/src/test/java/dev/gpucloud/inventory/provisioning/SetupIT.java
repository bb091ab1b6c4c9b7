package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.inventory.fixture.EquippedSite.KEY;
import static dev.gpucloud.inventory.fixture.EquippedSite.SECRET;
import static dev.gpucloud.inventory.fixture.EquippedSite.agent;
import static dev.gpucloud.inventory.fixture.EquippedSite.awaitState;
import static dev.gpucloud.inventory.fixture.EquippedSite.create;
import static dev.gpucloud.inventory.fixture.EquippedSite.full;
import static dev.gpucloud.inventory.fixture.EquippedSite.path;
import static dev.gpucloud.inventory.fixture.EquippedSite.site;
import static dev.gpucloud.inventory.fixture.World.count;
import static dev.gpucloud.inventory.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What an instance is beside its GPUs, at a site that provides it and at one that does not. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class SetupIT {
  private static final Instant BOOTED =
      Instant.now().plusSeconds(300).truncatedTo(ChronoUnit.SECONDS);

  @Test
  void theOrderCarriesWhatTheInstanceIsGivenAndItIsShown() {
    Tenant tenant = World.tenantWithQuota(8);
    Response created = create(tenant, "complete", site(), full());
    created.then().statusCode(202).body("image", startsWith("rocky-9-cuda-13:"));
    String id = created.path("id");

    JsonNode order = agent().order(id, 1);
    JsonNode setup = order.path("setup");
    assertThat(order.path("image").asText()).startsWith("rocky-9-cuda-13:");
    assertThat(setup.path("sshKeys").get(0).asText()).isEqualTo(KEY);
    assertThat(setup.path("userData").asText()).isEqualTo(SECRET);
    assertThat(setup.path("privateAddress").asText()).matches("10\\.(6[4-9]|7\\d)\\.\\d+\\.4/24");
    assertThat(setup.path("partitionKey").asInt()).isPositive();
    assertThat(setup.path("ingress").get(0).path("toPort").asInt()).isEqualTo(22);
    assertThat(setup.path("volumes").get(0).path("boot").asBoolean()).isTrue();
    assertThat(setup.path("volumes").get(1).path("name").asText()).isEqualTo("data");

    tenant
        .as("viewer")
        .get(path(tenant, id) + "/setup")
        .then()
        .statusCode(200)
        .body("sshKeys[0].fingerprint", startsWith("SHA256:"))
        .body("hasUserData", equalTo(true))
        .body("loginUser", equalTo("rocky"))
        .body("partitionKey", startsWith("0x"));
    assertThat(tenant.as("viewer").get(path(tenant, id) + "/setup").asString())
        .doesNotContain(SECRET);
    tenant.as("viewer").get(path(tenant, id) + "/user-data").then().statusCode(403);
    tenant
        .as("operator")
        .get(path(tenant, id) + "/user-data")
        .then()
        .body("userDataBase64", equalTo(SECRET));
    tenant
        .as("viewer")
        .get(path(tenant, id) + "/connect")
        .then()
        .statusCode(200)
        .body("command", startsWith("ssh rocky@10."));
    assertThat(tenant.as("viewer").get(path(tenant, id)).asString()).doesNotContain(SECRET);
  }

  @Test
  void everyInstanceOfAClusterIsGivenTheSameAndABootVolumeOfItsOwn() {
    Tenant tenant = World.tenantWithQuota(16);
    Response created = createCluster(tenant, "ring", "\"site\":\"%s\",".formatted(site()));
    created.then().statusCode(202);

    List<String> members =
        tenant
            .as("viewer")
            .get(created.header("Location") + "/instances")
            .jsonPath()
            .getList("items.id");

    assertThat(members).hasSize(2);
    for (int n = 0; n < 2; n++) {
      JsonNode order = agent().order(members.get(n), 1);
      assertThat(order.path("image").asText()).startsWith("rocky-9-cuda-13:");
      assertThat(order.path("setup").path("sshKeys").get(0).asText()).isEqualTo(KEY);
      assertThat(order.path("setup").path("userData").asText()).isEqualTo(SECRET);
      assertThat(order.path("setup").path("volumes")).hasSize(1);
      assertThat(order.path("setup").path("volumes").get(0).path("name").asText())
          .isEqualTo("ring-" + n + "-boot");
    }
    createCluster(tenant, "anywhere", "")
        .then()
        .statusCode(422)
        .body("errors.pointer", hasItem("/site"));
  }

  private static Response createCluster(Tenant tenant, String name, String more) {
    return tenant
        .as("operator")
        .contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(
            """
            {"name":"%s","instanceType":"b200.1x","instances":2,%s"image":"rocky-9-cuda-13",
             "sshKeys":["%s"],"userDataBase64":"%s","bootVolumeGib":50}"""
                .formatted(name, more, KEY, SECRET))
        .post(tenant.projectPath() + "/clusters");
  }

  @Test
  void addressesAreUniqueAndStayOverStopAndStart() {
    Tenant tenant = World.tenantWithQuota(8);
    Tenant other = World.tenantWithQuota(8);
    Set<String> addresses = new HashSet<>();
    String id = create(tenant, "first", site(), "").path("id");
    String address = agent().order(id, 1).path("setup").path("privateAddress").asText();
    addresses.add(address);
    for (int n = 0; n < 3; n++) {
      addresses.add(setup(create(tenant, "more-" + n, site(), ""), "privateAddress"));
    }
    Response foreign = create(other, "foreign", site(), "");
    addresses.add(setup(foreign, "privateAddress"));
    assertThat(addresses).hasSize(5);
    assertThat(setup(foreign, "partitionKey"))
        .isNotEqualTo(agent().order(id, 1).path("setup").path("partitionKey").asText());

    agent().report(agent().order(id, 1), "RUNNING", BOOTED);
    awaitState(tenant, id, "RUNNING");
    tenant.as("operator").post(path(tenant, id) + "/stop").then().statusCode(202);
    agent().report(agent().order(id, 2), "RELEASED", BOOTED.plusSeconds(60));
    awaitState(tenant, id, "STOPPED");
    tenant
        .as("operator")
        .header("Idempotency-Key", "start-" + id)
        .post(path(tenant, id) + "/start")
        .then()
        .statusCode(202);
    JsonNode again = agent().order(id, 3);
    assertThat(again.path("setup").path("privateAddress").asText()).isEqualTo(address);

    tenant.as("operator").delete(path(tenant, id)).then().statusCode(202);
    agent().report(agent().order(id, 4), "RELEASED", BOOTED.plusSeconds(90));
    awaitState(tenant, id, "DELETED");
    assertThat(setup(create(tenant, "heir", site(), ""), "privateAddress")).isEqualTo(address);
  }

  private String setup(Response created, String field) {
    String id = created.then().statusCode(202).extract().path("id");
    return agent().order(id, 1).path("setup").path(field).asText();
  }

  @Test
  void whatRunsKeepsItsNetworkAndWhatIsStoppedMayLeaveIt() {
    Tenant tenant = World.tenantWithQuota(8);
    World.project(tenant, "lab");
    String id = create(tenant, "settled", site(), "").path("id");
    agent().report(agent().order(id, 1), "RUNNING", BOOTED);
    awaitState(tenant, id, "RUNNING");
    String body = "{\"project\":\"%s.lab\"}".formatted(tenant.slug());
    tenant
        .as("operator")
        .contentType("application/json")
        .body(body)
        .post(path(tenant, id) + "/move")
        .then()
        .statusCode(409)
        .body("params.remedy", equalTo("STOP_MOVE_START"));
  }

  @Test
  void theAllowListIsEditedAndTheAgentIsTold() {
    Tenant tenant = World.tenantWithQuota(8);
    Response created = create(tenant, "guarded", site(), "");
    String id = created.path("id");
    String body =
        "{\"rules\":[{\"protocol\":\"TCP\",\"fromPort\":8000,\"toPort\":8080,\"cidr\":\"10.0.0.0/8\"}]}";
    allow(tenant, id, null, body).then().statusCode(428);
    allow(tenant, id, created.header("ETag"), body.replace("10.0.0.0/8", "10.0.0.9/8"))
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/rules/0/cidr"));
    allow(tenant, id, created.header("ETag"), body)
        .then()
        .statusCode(200)
        .body("ingress[0].fromPort", equalTo(8000));
    assertThat(agent().order(id, 2).path("setup").path("ingress").get(0).path("cidr").asText())
        .isEqualTo("10.0.0.0/8");
  }

  private static Response allow(Tenant tenant, String id, String ifMatch, String body) {
    var request = tenant.as("operator").contentType("application/json").body(body);
    return (ifMatch == null ? request : request.header("If-Match", ifMatch))
        .put(path(tenant, id) + "/allow-list");
  }

  @Test
  void theConsoleIsThatOfThePresentRun() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = create(tenant, "talkative", site(), "").path("id");
    JsonNode order = agent().order(id, 1);
    tenant.as("viewer").get(path(tenant, id) + "/console-log").then().statusCode(404);
    say(order, order.path("runId").asText(), "booting\\nlogin:");
    eventually(
        () -> tenant.as("viewer").get(path(tenant, id) + "/console-log").statusCode() == 200);
    say(order, "run_" + UUID.randomUUID(), "of another run");
    agent().report(order, "RUNNING", BOOTED);
    awaitState(tenant, id, "RUNNING");
    tenant
        .as("viewer")
        .get(path(tenant, id) + "/console-log")
        .then()
        .body("text", equalTo("booting\nlogin:"))
        .body("cut", equalTo(false));
  }

  private static void say(JsonNode order, String run, String text) {
    TestKafka.send(
        new TestKafka.Event(
            UUID.randomUUID().toString(),
            "/site-agent",
            "site.reports." + site() + ".v1",
            order.path("hostId").asText(),
            "console.reported",
            "",
            1,
            """
            {"site":"%s","hostId":"%s","instanceId":"%s","runId":"%s","at":"%s","cut":false,"text":"%s"}"""
                .formatted(
                    site(),
                    order.path("hostId").asText(),
                    order.path("instanceId").asText(),
                    run,
                    BOOTED,
                    text)));
  }

  @Test
  void whereTheDriverDoesNotProvideItTheApiSaysSo() {
    String bare = World.site(1, "");
    Tenant tenant = World.tenantWithQuota(8);
    create(tenant, "wishful", bare, full())
        .then()
        .statusCode(422)
        .body("code", equalTo("UNPROCESSABLE"))
        .body("params.missingCapabilities", hasItem("SSH_KEYS"))
        .body("params.sitesWithIt", hasItem(site()))
        .body("errors.pointer", hasItem("/sshKeys"));
    String id = create(tenant, "plain", bare, "").then().statusCode(202).extract().path("id");
    tenant
        .as("viewer")
        .get(path(tenant, id) + "/connect")
        .then()
        .statusCode(409)
        .body("params.capability", equalTo("PRIVATE_NETWORK"));
    tenant
        .as("viewer")
        .get(path(tenant, id) + "/console-log")
        .then()
        .statusCode(409)
        .body("detail", containsString("CONSOLE_LOG"));
  }

  @Test
  void imagesAreOfferedDeprecatedAndWithdrawn() {
    Tenant tenant = World.tenantWithQuota(8);
    String family = "test-" + UUID.randomUUID().toString().substring(0, 8);
    image(family, "1", "ACTIVE").then().statusCode(200).body("id", equalTo(family + ":1"));
    image(family, "2", "ACTIVE").then().statusCode(200);
    image(family, "Upper!", "ACTIVE").then().statusCode(400);
    create(tenant, "newest", site(), ",\"image\":\"" + family + "\"")
        .then()
        .body("image", equalTo(family + ":2"));
    image(family, "2", "DEPRECATED").then().statusCode(200);
    create(tenant, "older", site(), ",\"image\":\"" + family + "\"")
        .then()
        .body("image", equalTo(family + ":1"));
    World.admin()
        .delete("/api/v1/admin/images/" + family + "/versions/2")
        .then()
        .statusCode(200)
        .body("state", equalTo("WITHDRAWN"));
    create(tenant, "gone", site(), ",\"image\":\"" + family + ":2\"")
        .then()
        .statusCode(422)
        .body("code", equalTo("UNKNOWN_REFERENCE"))
        .body("params.validImages", hasItem("ubuntu-24.04-cuda-13"));
    tenant.as("viewer").get("/api/v1/images").then().body("items.family", hasItem(family));
  }

  private static Response image(String family, String version, String state) {
    return World.admin()
        .contentType("application/json")
        .body("{\"description\":\"Test\",\"loginUser\":\"root\",\"state\":\"%s\"}".formatted(state))
        .put("/api/v1/admin/images/" + family + "/versions/" + version);
  }

  @Test
  void badInputIsNamedFieldByField() {
    Tenant tenant = World.tenantWithQuota(8);
    create(
            tenant,
            "bad",
            site(),
            ",\"sshKeys\":[\"nonsense\"],\"userData\":\"a\",\"userDataBase64\":\"YQ==\"")
        .then()
        .statusCode(400)
        .body("errors", hasSize(2))
        .body("errors.pointer", hasItem("/sshKeys/0"));
    create(tenant, "bad", site(), ",\"userData\":\"" + "x".repeat(50_000) + "\"")
        .then()
        .statusCode(400);
    World.admin()
        .contentType("application/json")
        .body("{\"range\":\"10.64.0.0/12\",\"prefixLength\":10}")
        .put("/api/v1/admin/sites/" + site() + "/setup/network")
        .then()
        .statusCode(400);
    World.admin()
        .contentType("application/json")
        .body("{\"range\":\"10.64.0.0/12\",\"prefixLength\":24}")
        .put("/api/v1/admin/sites/nowhere/setup/network")
        .then()
        .statusCode(404);
  }

  @Test
  void theSecondWallHoldsForEveryTable() throws Exception {
    Tenant tenant = World.tenantWithQuota(8);
    Tenant foreign = World.tenant();
    String id = create(tenant, "walled", site(), full()).path("id");
    JsonNode order = agent().order(id, 1);
    say(order, order.path("runId").asText(), "secret");
    eventually(
        () ->
            count(
                    "select count(*) from console_tail where instance_id = '%s'"
                        .formatted(id.substring(4)))
                == 1);
    for (String table :
        List.of(
            "instance_setup",
            "private_address",
            "project_network",
            "ib_partition",
            "console_tail",
            "volume")) {
      String mine = "select count(*) from " + table + " where tenant_id = '" + tenant.id() + "'";
      assertThat(seen(mine, tenant.id().toString())).as(table).isPositive();
      assertThat(seen(mine, foreign.id().toString())).as(table).isZero();
      assertThat(seen(mine, "")).as(table).isZero();
    }
  }

  private static long seen(String sql, String tenant) throws Exception {
    try (Connection c = TestDatabase.as("inventory_app", tenant);
        Statement s = c.createStatement();
        ResultSet rows = s.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void theImageOfInstancesThatNameNoneStaysOnOffer() {
    String preferred =
        World.value("select family || '/versions/' || version from image where preferred");
    String image = "/api/v1/admin/images/" + preferred;

    World.admin()
        .delete(image)
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"))
        .body("detail", containsString("prefer another"));
    for (String state : List.of("WITHDRAWN", "DEPRECATED", "ACTIVE")) {
      World.admin()
          .contentType("application/json")
          .body(
              "{\"description\":\"Test\",\"loginUser\":\"root\",\"state\":\"%s\"}".formatted(state))
          .put(image)
          .then()
          .statusCode(409);
    }
    assertThat(World.count("select count(*) from image where preferred and state = 'ACTIVE'"))
        .isEqualTo(1);
  }
}
