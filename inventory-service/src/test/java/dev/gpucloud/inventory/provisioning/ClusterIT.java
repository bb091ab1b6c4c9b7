package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.inventory.fixture.World.count;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import dev.gpucloud.inventory.fixture.Checker;
import dev.gpucloud.inventory.fixture.PromptAgent;
import dev.gpucloud.inventory.fixture.Site;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clusters are placed whole or not at all, and a refusal says why and what would fit. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class ClusterIT {
  private static final String IN_ONE_FABRIC =
      "\"topology\":{\"within\":[{\"level\":\"FABRIC\",\"strength\":\"REQUIRED\"}]}";

  @AfterEach
  void noSliceIsHeldTwiceAndEverySliceIsAccountedFor() {
    Checker.check();
  }

  private static Response create(Tenant tenant, String name, String site, int size, String more) {
    return create(tenant, name, site, size, more, UUID.randomUUID().toString());
  }

  private static Response create(
      Tenant tenant, String name, String site, int size, String more, String key) {
    return tenant
        .as("operator")
        .contentType("application/json")
        .header("Idempotency-Key", key)
        .body(body(name, site, size, more))
        .post(tenant.projectPath() + "/clusters");
  }

  private static String body(String name, String site, int size, String more) {
    return "{\"name\":\"%s\",\"instanceType\":\"b200.8x\",\"instances\":%d,\"site\":\"%s\"%s}"
        .formatted(name, size, site, more.isEmpty() ? "" : "," + more);
  }

  private static long instancesOf(Tenant tenant) {
    return count("select count(*) from instance where tenant_id = '%s'".formatted(tenant.id()));
  }

  private static long clustersOf(Tenant tenant) {
    return count("select count(*) from cluster where tenant_id = '%s'".formatted(tenant.id()));
  }

  @Test
  void aClusterIsPlacedWholeWithItsSparesAndAKeyRepeatsTheAnswer() {
    String site = World.site(8, "");
    Tenant tenant = World.tenantWithQuota(100);

    Response placed =
        create(tenant, "train", site, 4, "\"spares\":1," + IN_ONE_FABRIC, "key-of-train");

    placed
        .then()
        .statusCode(202)
        .body("state", equalTo("PROVISIONING"))
        .body("level", equalTo("FABRIC"))
        .body("unmetPreferences", hasSize(0))
        .body("instanceStates.PENDING", equalTo(5));
    String path = placed.header("Location");
    Response members = tenant.as("viewer").get(path + "/instances");
    members
        .then()
        .statusCode(200)
        .body("items.name", equalTo(List.of("train-0", "train-1", "train-2", "train-3", "train-4")))
        .body("items[3].cluster.role", equalTo("MEMBER"))
        .body("items[4].cluster.role", equalTo("SPARE"));
    assertThat(members.jsonPath().getList("items.host")).doesNotHaveDuplicates().hasSize(5);
    assertThat(World.held(tenant)).isEqualTo(5 * 64);
    create(tenant, "train", site, 4, "\"spares\":1," + IN_ONE_FABRIC, "key-of-train")
        .then()
        .statusCode(202)
        .header("Idempotency-Replayed", "true")
        .body("id", equalTo(placed.path("id")));
    assertThat(instancesOf(tenant)).isEqualTo(5);
  }

  private static String inOneRack(String strength) {
    return "\"topology\":{\"within\":[{\"level\":\"RACK\",\"strength\":\"%s\"}]}"
        .formatted(strength);
  }

  private static String instance(Tenant tenant, String name) {
    return tenant
        .as("viewer")
        .get(tenant.instances() + "/" + name)
        .then()
        .statusCode(200)
        .extract()
        .path("id");
  }

  private static String rackOf(String instance) {
    return World.value(
        "select h.rack_id from instance i join host h on h.id = i.host_id where i.id = '%s'"
            .formatted(instance.substring(4)));
  }

  private static Response act(Tenant tenant, String instance, String action) {
    return tenant
        .as("operator")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .post(tenant.instances() + "/" + instance + "/" + action);
  }

  /** Stops the first of two that run in one rack, and closes the rack for what is new. */
  private static String stopInARackThatCloses(Tenant tenant, String cluster) {
    String first = instance(tenant, cluster + "-0");
    Site.awaitState(tenant, first, "RUNNING");
    Site.awaitState(tenant, instance(tenant, cluster + "-1"), "RUNNING");
    String rack = rackOf(first);
    act(tenant, first, "stop").then().statusCode(202);
    Site.awaitState(tenant, first, "STOPPED");
    moveRack(rack, "cordon");
    return rack;
  }

  private static void moveRack(String rack, String action) {
    String hosts =
        World.value("select string_agg(id::text, ',') from host where rack_id = '" + rack + "'");
    for (String host : hosts.split(",")) {
      World.move(host, action).then().statusCode(200);
    }
  }

  @Test
  void whatIsStartedAgainStaysWhereItsClusterIsOrIsRefused() {
    Site site = Site.withHosts(8);
    PromptAgent agent = new PromptAgent(site.id());
    Tenant tenant = World.tenantWithQuota(100);
    try {
      String path = create(tenant, "rk", site.id(), 2, inOneRack("REQUIRED")).header("Location");
      String rack = stopInARackThatCloses(tenant, "rk");
      String first = instance(tenant, "rk-0");

      Response refused = act(tenant, first, "start");

      refused
          .then()
          .statusCode(409)
          .body("code", equalTo("INSUFFICIENT_CAPACITY"))
          .body(
              "detail",
              startsWith(
                  "Rack %s has no room for b200.8x now, and it must stay where its cluster is."
                      .formatted(rack)))
          .body(
              "params.constraints.find { it.constraint == 'CLUSTER_DOMAIN' }.removedHosts",
              equalTo(4))
          .body(
              "params.constraints.find { it.constraint == 'HOST_STATE' }.removedHosts", equalTo(4))
          .body("params.alternatives", hasSize(0));
      tenant
          .as("viewer")
          .get(path)
          .then()
          .body("level", equalTo("RACK"))
          .body("domain", equalTo(rack));

      moveRack(rack, "uncordon");
      act(tenant, first, "start").then().statusCode(202);
      Site.awaitState(tenant, first, "RUNNING");
      assertThat(rackOf(first)).isEqualTo(rack);
    } finally {
      agent.end();
    }
  }

  @Test
  void whatWasOnlyPreferredIsGivenUpAndShownAsUnmet() {
    Site site = Site.withHosts(8);
    PromptAgent agent = new PromptAgent(site.id());
    Tenant tenant = World.tenantWithQuota(100);
    try {
      String path = create(tenant, "soft", site.id(), 2, inOneRack("PREFERRED")).header("Location");
      String rack = stopInARackThatCloses(tenant, "soft");
      String first = instance(tenant, "soft-0");
      tenant
          .as("viewer")
          .get(path)
          .then()
          .body("level", equalTo("RACK"))
          .body("domain", equalTo(rack))
          .body("unmetPreferences", hasSize(0));

      act(tenant, first, "start").then().statusCode(202);

      Site.awaitState(tenant, first, "RUNNING");
      assertThat(rackOf(first)).isNotEqualTo(rack);
      String fabric = World.value("select fabric_id from rack where id = '" + rack + "'");
      tenant
          .as("viewer")
          .get(path)
          .then()
          .body("level", equalTo("FABRIC"))
          .body("domain", equalTo(fabric))
          .body("unmetPreferences", equalTo(List.of("WITHIN_RACK")));
      tenant
          .as("viewer")
          .get(tenant.projectPath() + "/clusters")
          .then()
          .body("items[0].level", equalTo("FABRIC"))
          .body("items[0].unmetPreferences", equalTo(List.of("WITHIN_RACK")));
    } finally {
      agent.end();
    }
  }

  @Test
  void aClusterWithoutRoomTakesNothingAndIsToldWhatWouldFit() {
    String site = World.site(4, "");
    Tenant tenant = World.tenantWithQuota(1000);

    Response refused = create(tenant, "large", site, 5, IN_ONE_FABRIC);

    refused
        .then()
        .statusCode(409)
        .body("code", equalTo("INSUFFICIENT_CAPACITY"))
        .body("params.instanceType", equalTo("b200.8x"))
        .body("params.alternatives.findAll { it.kind == 'FEWER_INSTANCES' }.instances", hasItem(4));
    List<Integer> removed = refused.jsonPath().getList("params.constraints.removedHosts");
    assertThat(removed.stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(refused.jsonPath().getInt("params.hosts"));
    assertThat(instancesOf(tenant)).isZero();
    assertThat(clustersOf(tenant)).isZero();
  }

  @Test
  void aClusterOverTheQuotaTakesNothing() {
    String site = World.site(4, "");
    Tenant tenant = World.tenantWithQuota(16);

    create(tenant, "over", site, 3, "")
        .then()
        .statusCode(409)
        .body("code", equalTo("QUOTA_EXCEEDED"))
        .body("params.limit", equalTo(16))
        .body("params.asked", equalTo(24));

    assertThat(instancesOf(tenant)).isZero();
    assertThat(clustersOf(tenant)).isZero();
    create(tenant, "fits", site, 2, "").then().statusCode(202);
  }

  @Test
  void aTakenNameTakesNothingAndGivesTheKeyBack() {
    String site = World.site(8, "");
    Tenant tenant = World.tenantWithQuota(1000);
    World.create(tenant, "c-1", "b200.1x", site).then().statusCode(202);
    String key = UUID.randomUUID().toString();

    create(tenant, "c", site, 3, "", key)
        .then()
        .statusCode(409)
        .body("code", equalTo("ALREADY_EXISTS"))
        .body("errors[0].pointer", equalTo("/name"));
    create(tenant, "d", site, 3, "").then().statusCode(202);
    create(tenant, "d", site, 1, "").then().statusCode(409).body("code", equalTo("ALREADY_EXISTS"));

    assertThat(instancesOf(tenant)).isEqualTo(4);
    assertThat(clustersOf(tenant)).isEqualTo(1);
    assertThat(count("select count(*) from idempotency where key = '" + key + "'")).isZero();
  }

  @Test
  void ofManyParallelClustersAsManyArePlacedAsFit() {
    String site = World.site(8, "");
    Tenant tenant = World.tenantWithQuota(1000);

    List<Integer> statuses =
        IntStream.range(0, 16)
            .parallel()
            .mapToObj(n -> create(tenant, "race-" + n, site, 3, "").statusCode())
            .toList();

    assertThat(statuses).filteredOn(s -> s == 202).hasSize(2);
    assertThat(statuses).filteredOn(s -> s == 409).hasSize(14);
    assertThat(instancesOf(tenant)).isEqualTo(6);
  }

  @Test
  void askingTakesNothing() {
    String site = World.site(4, "");
    Tenant tenant = World.tenantWithQuota(1000);
    String placements = tenant.projectPath() + "/placements";

    tenant
        .as("viewer")
        .contentType("application/json")
        .body(body("asked", site, 4, IN_ONE_FABRIC))
        .post(placements + "?validateOnly=true")
        .then()
        .statusCode(200)
        .body("fits", equalTo(true))
        .body("site", equalTo(site))
        .body("hosts", equalTo(4));
    tenant
        .as("viewer")
        .contentType("application/json")
        .body(body("asked", site, 4, IN_ONE_FABRIC))
        .post(placements)
        .then()
        .statusCode(200)
        .body("fits", equalTo(true));
    tenant
        .as("viewer")
        .contentType("application/json")
        .body(body("asked", site, 4, IN_ONE_FABRIC))
        .post(placements + "?validateOnly=false")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("validateOnly"));

    assertThat(instancesOf(tenant)).isZero();
  }

  @Test
  void deletingAClusterDeletesItsInstances() {
    String site = World.site(4, "");
    Tenant tenant = World.tenantWithQuota(1000);
    String path = create(tenant, "gone", site, 3, "").header("Location");

    tenant
        .as("operator")
        .header("If-Match", "\"7\"")
        .delete(path)
        .then()
        .statusCode(412)
        .body("code", equalTo("VERSION_MISMATCH"));
    tenant
        .as("operator")
        .delete(path)
        .then()
        .statusCode(202)
        .body("state", equalTo("DELETING"))
        .body("instanceStates", equalTo(Map.of("DELETING", 3)));
    tenant.as("operator").delete(path).then().statusCode(202).body("state", equalTo("DELETING"));

    tenant.as("viewer").get(path).then().statusCode(200).body("state", equalTo("DELETING"));
    tenant
        .as("viewer")
        .get(tenant.projectPath() + "/clusters")
        .then()
        .statusCode(200)
        .body("items", hasSize(1));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"spares\":1,\"topology\":{\"onePerHost\":false} | 422 | /topology/onePerHost",
        "\"topology\":{\"spread\":{\"over\":\"SITE\",\"strength\":\"REQUIRED\",\"minDomains\":1}} | 422 | /topology/spread/over",
        "\"topology\":{\"spread\":{\"over\":\"RACK\",\"strength\":\"REQUIRED\"}} | 422 | /topology/spread",
        "\"topology\":{\"spread\":{\"over\":\"RACK\",\"strength\":\"REQUIRED\",\"minDomains\":9}} | 422 | /topology/spread/minDomains",
        "\"topology\":{\"within\":[{\"level\":\"HALL\",\"strength\":\"REQUIRED\"},{\"level\":\"HALL\",\"strength\":\"PREFERRED\"}]} | 422 | /topology/within/1/level",
        "\"topology\":{\"within\":[{\"level\":\"PLANET\",\"strength\":\"REQUIRED\"}]} | 400 | /topology/within/0/level",
        "\"spares\":-1 | 400 | /spares",
        "\"nodes\":4 | 400 | /nodes",
      })
  void aTopologyThatCannotBeIsNamed(String more, int status, String pointer) {
    String site = World.site(1, "");
    Tenant tenant = World.tenantWithQuota(1000);

    create(tenant, "odd", site, 4, more)
        .then()
        .statusCode(status)
        .body("errors[0].pointer", equalTo(pointer));

    assertThat(instancesOf(tenant)).isZero();
  }

  @Test
  void othersSeeNothingAndViewersChangeNothing() {
    String site = World.site(4, "");
    Tenant tenant = World.tenantWithQuota(1000);
    Tenant other = World.tenant();
    String path = create(tenant, "mine", site, 2, "").header("Location");

    given().get(path).then().statusCode(401);
    other.as("operator").get(path).then().statusCode(404);
    other.as("operator").delete(path).then().statusCode(404);
    other
        .as("operator")
        .get(path.replace(tenant.project().toString(), other.project().toString()))
        .then()
        .statusCode(404);
    tenant.as("viewer").delete(path).then().statusCode(403);
    tenant
        .as("viewer")
        .contentType("application/json")
        .header("Idempotency-Key", "k")
        .body(body("x", site, 1, ""))
        .post(tenant.projectPath() + "/clusters")
        .then()
        .statusCode(403);
    tenant
        .as("operator")
        .contentType("application/json")
        .body(body("x", site, 1, ""))
        .post(tenant.projectPath() + "/clusters")
        .then()
        .statusCode(400)
        .body("code", equalTo("IDEMPOTENCY_KEY_REQUIRED"));
    assertThat(instancesOf(tenant)).isEqualTo(2);
  }
}
