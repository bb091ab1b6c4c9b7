package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.inventory.fixture.World.MODEL;
import static dev.gpucloud.inventory.fixture.World.count;
import static dev.gpucloud.inventory.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.gpucloud.inventory.fixture.Checker;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Instances that stand apart, hosts that a tenant has alone, and what is said about both. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class StandingIT {

  @AfterEach
  void everythingAddsUp() {
    Checker.check();
  }

  private static Response create(Tenant tenant, String name, String site, String more) {
    return create(tenant, name, "b200.1x", site, more);
  }

  private static Response create(
      Tenant tenant, String name, String type, String site, String more) {
    return tenant
        .as("operator")
        .contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(
            "{\"name\":\"%s\",\"instanceType\":\"%s\",\"site\":\"%s\"%s}"
                .formatted(name, type, site, more))
        .post(tenant.instances());
  }

  private static String apart(String more) {
    return ",\"antiAffinity\":{\"group\":\"web\"%s}".formatted(more);
  }

  @Test
  void instancesOfAGroupStandOnDifferentHostsHoweverManyAskAtOnce() throws Exception {
    String site = World.site(3, "");
    Tenant tenant = World.tenantWithQuota(64);
    List<Future<Response>> asked = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < 8; n++) {
        String name = "web-" + n;
        asked.add(threads.submit(() -> create(tenant, name, site, apart(""))));
      }
    }

    int placed = 0;
    for (Future<Response> answer : asked) {
      placed += answer.get().statusCode() == 202 ? 1 : 0;
    }
    assertThat(placed).isEqualTo(3);
    assertThat(
            count(
                "select count(distinct host_id) from instance where tenant_id = '%s'"
                    .formatted(tenant.id())))
        .isEqualTo(3);
    create(tenant, "web-more", site, apart(""))
        .then()
        .statusCode(409)
        .body("code", equalTo("INSUFFICIENT_CAPACITY"))
        .body("detail", containsString("have an instance of the group"))
        .body("params.constraints.constraint", hasItem("ANTI_AFFINITY"))
        .body("params.alternatives.kind", hasItem("WITHOUT_ANTI_AFFINITY"));
    create(tenant, "web-wish", site, apart(",\"strength\":\"PREFERRED\""))
        .then()
        .statusCode(202)
        .body("antiAffinity.group", equalTo("web"))
        .body("antiAffinity.over", equalTo("HOST"))
        .body("antiAffinity.strength", equalTo("PREFERRED"));
    create(tenant, "other", site, "").then().statusCode(202);
  }

  @Test
  void aGroupMaySpreadOverRacks() {
    String site = World.site(8, "");
    Tenant tenant = World.tenantWithQuota(64);

    create(tenant, "one", site, apart(",\"over\":\"RACK\"")).then().statusCode(202);
    create(tenant, "two", site, apart(",\"over\":\"RACK\"")).then().statusCode(202);

    create(tenant, "three", site, apart(",\"over\":\"RACK\"")).then().statusCode(409);
    assertThat(
            count(
                """
                select count(distinct h.rack_id) from instance i join host h on h.id = i.host_id
                where i.tenant_id = '%s'"""
                    .formatted(tenant.id())))
        .isEqualTo(2);
  }

  @Test
  void aDedicatedHostTakesNobodyElseUntilItIsEmpty() {
    String site = World.site(1, "");
    Tenant owner = World.tenantWithQuota(64);
    Tenant other = World.tenantWithQuota(64);
    Response first = create(owner, "alone", site, ",\"dedicated\":true");
    first.then().statusCode(202).body("dedicated", equalTo(true));

    create(other, "guest", site, "")
        .then()
        .statusCode(409)
        .body("params.constraints.constraint", hasItem("DEDICATED_HOST"))
        .body("detail", containsString("are dedicated to others"))
        .body("detail", not(containsString(owner.slug())));
    create(owner, "more", site, ",\"dedicated\":true").then().statusCode(202);
    create(owner, "plain", site, "").then().statusCode(202);
    World.admin().queryParam("site", site).get("/api/v1/capacity").then().statusCode(200);

    for (String name : List.of("alone", "more", "plain")) {
      owner.as("operator").delete(owner.instances() + "/" + name).then().statusCode(202);
    }
    World.update(
        "update allocation set proof_at = now() where tenant_id = '%s'".formatted(owner.id()));
    eventually(() -> create(other, "guest", site, "").statusCode() == 202);
  }

  @Test
  void aDedicatedOneGoesToNoHostThatOthersAreOn() {
    String site = World.site(1, "");
    Tenant owner = World.tenantWithQuota(64);
    Tenant other = World.tenantWithQuota(64);
    create(other, "first", site, "").then().statusCode(202);

    create(owner, "alone", site, ",\"dedicated\":true")
        .then()
        .statusCode(409)
        .body("params.alternatives.kind", hasItem("WITHOUT_DEDICATION"));
    create(owner, "with", site, "").then().statusCode(202);
  }

  @Test
  void marksAreReadAgainWithThePool() {
    String site = World.site(1, "");
    Tenant owner = World.tenantWithQuota(64);
    Tenant other = World.tenantWithQuota(64);
    create(owner, "alone", site, ",\"dedicated\":true").then().statusCode(202);

    World.importFleet(World.fleet(site, 1, "")).then().statusCode(200);

    create(other, "guest", site, "")
        .then()
        .statusCode(409)
        .body("params.constraints.constraint", hasItem("DEDICATED_HOST"));
  }

  @Test
  void refusesAGroupWithoutANameAndAnUnknownLevel() {
    String site = World.site(1, "");
    Tenant tenant = World.tenantWithQuota(8);

    create(tenant, "bad", site, ",\"antiAffinity\":{}")
        .then()
        .statusCode(400)
        .body("errors.pointer", hasItem("/antiAffinity/group"));
    create(tenant, "bad", site, apart(",\"over\":\"CITY\"")).then().statusCode(400);
    create(tenant, "bad", site, apart(",\"where\":\"HOST\"")).then().statusCode(400);
  }

  @Test
  void everyRefusalNamesItsReasonAndWhatWouldDo() {
    String site = World.site(2, "");
    Tenant tenant = World.tenantWithQuota(1000);
    cluster(tenant, site, 3, "FABRIC")
        .then()
        .statusCode(409)
        .body("detail", containsString("No fabric of site " + site + " holds 3 instances"))
        .body("params.constraints.constraint", hasItem("FABRIC_SIZE"))
        .body("params.alternatives.kind", hasItem("FEWER_INSTANCES"));
    World.create(tenant, "nowhere", "b200.1x", "no-such-site")
        .then()
        .statusCode(422)
        .body("code", equalTo("UNKNOWN_REFERENCE"))
        .body("errors.pointer", hasItem("/site"));
    World.create(tenant, "notype", "b300.8x", site)
        .then()
        .statusCode(422)
        .body("errors.pointer", hasItem("/instanceType"));
    Tenant abroad = World.tenant("EXTERNAL", null, ",\"residency\":{\"country\":\"JP\"}");
    World.quota(abroad, MODEL, 8, 1);
    World.create(abroad, "abroad", "b200.1x", site)
        .then()
        .statusCode(409)
        .body("detail", containsString("Site " + site + " is not open to the tenant."))
        .body("params.constraints.constraint", hasItem("COUNTRY"));
    abroad
        .as("viewer")
        .queryParam("site", site)
        .get("/api/v1/capacity")
        .then()
        .statusCode(200)
        .body("items", hasSize(0));
  }

  @Test
  void capacitySaysWhatFitsOfEachTypeAsTheEngineWouldPlaceIt() {
    String site = World.site(3, "");
    Tenant tenant = World.tenantWithQuota(64);
    World.create(tenant, "half", "b200.4x", site).then().statusCode(202);

    eventually(() -> capacity(tenant, site, "b200.8x", "free") == 2);

    assertThat(capacity(tenant, site, "b200.8x", "largestCluster")).isEqualTo(2);
    assertThat(capacity(tenant, site, "b200.4x", "free")).isEqualTo(5);
    assertThat(capacity(tenant, site, "b200.1x", "free")).isEqualTo(20);
    assertThat(capacity(tenant, site, "b200.mig-3g", "free")).isEqualTo(40);
    Response shown = tenant.as("viewer").queryParam("site", site).get("/api/v1/capacity");
    shown
        .then()
        .body("items[0].level", equalTo("HIGH"))
        .body("items[0].gpusFree", equalTo(20))
        .body(
            "items[0].instanceTypes.find { it.instanceType == 'b200.8x' }.level", equalTo("HIGH"));
    assertThat(shown.jsonPath().getLong("items[0].epoch")).isPositive();
    assertThat(shown.jsonPath().getString("items[0].asOf")).isNotBlank();
  }

  private static int capacity(Tenant tenant, String site, String type, String field) {
    return tenant
        .as("viewer")
        .queryParam("site", site)
        .get("/api/v1/capacity")
        .jsonPath()
        .getInt(
            "items[0].instanceTypes.find { it.instanceType == '%s' }.%s".formatted(type, field));
  }

  private static Response cluster(Tenant tenant, String site, int instances, String level) {
    return tenant
        .as("operator")
        .contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(
            """
            {"name":"big","instanceType":"b200.8x","instances":%d,"site":"%s",
             "topology":{"within":[{"level":"%s","strength":"REQUIRED"}]}}"""
                .formatted(instances, site, level))
        .post(tenant.projectPath() + "/clusters");
  }
}
