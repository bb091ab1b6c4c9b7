package dev.gpucloud.inventory.fleet;

import static dev.gpucloud.inventory.fixture.World.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The fleet by document: all of it or nothing, again and again. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class FleetImportIT {

  private static String scenario() throws IOException {
    Path root = Path.of(System.getProperty("gpucloud.root"));
    return Files.readString(root.resolve("dev-stack/src/main/resources/scenario/sk-scenario.yaml"));
  }

  private static Response post(String yaml) {
    return World.admin()
        .config(
            RestAssuredConfig.config()
                .encoderConfig(
                    EncoderConfig.encoderConfig()
                        .encodeContentTypeAs("application/yaml", ContentType.TEXT)))
        .contentType("application/yaml")
        .body(yaml)
        .post("/api/v1/admin/imports/fleet");
  }

  @Test
  void keepsForGoodWhatInstancesName() {
    String site = World.site(1, "");

    for (String sql :
        new String[] {
          "delete from site where id = '%s'",
          "update site set id = 'renamed' where id = '%s'",
          "delete from host where site_id = '%s'",
          "delete from pool where site_id = '%s'"
        }) {
      assertThatThrownBy(() -> World.update(sql.formatted(site)))
          .as(sql)
          .hasStackTraceContaining("are kept for good");
    }
  }

  @Test
  void takesInTheWholeScenarioWithinAMinuteAndChangesNothingTheSecondTime() throws IOException {
    String yaml = scenario();
    Instant begin = Instant.now();

    post(yaml).then().statusCode(200);

    assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(60));
    assertThat(
            count(
                """
                select sum(gpus) from host
                where delivery_id in ('dlv-2026-01-pangyo', 'dlv-2026-06-cheongju',
                                      'dlv-2026-10-ulsan', 'dlv-2025-08-gasan')"""))
        .isEqualTo(13_304);
    assertThat(count("select count(*) from delivery where state = 'ORDERED'")).isEqualTo(3);
    post(yaml).then().statusCode(200).body("changed.values()", everyItem(is(0)));

    World.awaitPool("kr-ulsan-1", World.MODEL);
    World.admin()
        .queryParam("site", "kr-ulsan-1")
        .queryParam("pageSize", 3)
        .get("/api/v1/admin/hosts")
        .then()
        .body("items", hasSize(3))
        .body("items[0].name", equalTo("2026-10-ulsan-r0001-h01"))
        .body("items[0].gpusFree", equalTo(8))
        .body("items[0].state", equalTo("ACTIVE"));
    World.admin()
        .get("/api/v1/instance-types/b200.8x")
        .then()
        .body("availability.find { it.site == 'kr-ulsan-1' }.instances", equalTo(1024));
  }

  @Test
  void namesEveryViolationAndImportsNothing() {
    String site = "s" + Ids.next().toString().replace("-", "").substring(4, 20);
    String document =
        World.fleet(site, 2000, "")
            .replace("\"hall\":\"" + site + "-h1\"", "\"hall\":\"nowhere\"")
            .replace("\"gpus\":4,\"vcpus\":112", "\"gpus\":9,\"vcpus\":112")
            .replace("\"due\":\"2026-01-01\"", "\"due\":\"soon\",\"colour\":\"red\"");

    World.importFleet(document)
        .then()
        .statusCode(400)
        .body("code", equalTo("VALIDATION_FAILED"))
        .body(
            "errors.pointer",
            hasItems("/deliveries/0/due", "/deliveries/0/colour", "/instanceTypes/1/gpus"));
    World.importFleet(World.fleet(site, 2000, ""))
        .then()
        .statusCode(400)
        .body("errors.pointer", hasItem("/deliveries/0/hosts"))
        .body("errors.detail", hasItem(containsString("would draw 28600.0 kW")));
    World.importFleet(
            World.fleet(site, 2, "")
                .replace("\"hall\":\"" + site + "-h1\"", "\"hall\":\"nowhere\""))
        .then()
        .statusCode(400)
        .body("errors.pointer", hasItem("/deliveries/0/hall"));
    World.importFleet(
            World.fleet(site, 2, "")
                .replace("\"migProfile\":\"3g.90gb\"", "\"migProfile\":\"5g.1gb\""))
        .then()
        .statusCode(400)
        .body("errors.pointer", hasItem("/instanceTypes/3/migProfile"));
    assertThat(count("select count(*) from site where id = '" + site + "'")).isZero();
  }

  @Test
  void anAcceptedDeliveryDoesNotChange() {
    String site = World.site(2, "");

    World.importFleet(World.fleet(site, 3, ""))
        .then()
        .statusCode(400)
        .body("errors.pointer", hasItem("/deliveries/0"));
    World.importFleet(World.fleet(site, 2, "").replace("\"ACCEPTED\"", "\"ORDERED\""))
        .then()
        .statusCode(400)
        .body("errors.pointer", hasItem("/deliveries/0/state"));
    assertThat(count("select count(*) from host where site_id = '" + site + "'")).isEqualTo(2);
  }

  @Test
  void aDeliveryBringsItsHostsWhenItIsAccepted() {
    String site = "s" + Ids.next().toString().replace("-", "").substring(4, 20);
    String ordered = World.fleet(site, 2, "").replace("\"ACCEPTED\"", "\"ORDERED\"");
    World.importFleet(ordered).then().statusCode(200).body("changed.hosts", equalTo(0));
    Tenant tenant = World.tenantWithQuota(8);
    World.create(tenant, "early", "b200.1x", site)
        .then()
        .statusCode(409)
        .body(
            "params.alternatives.find { it.kind == 'LATER' && it.site == '%s' }.due"
                .formatted(site),
            equalTo("2026-01-01"));

    World.importFleet(World.fleet(site, 2, ""))
        .then()
        .statusCode(200)
        .body("changed.hosts", equalTo(2))
        .body("changed.deliveries", equalTo(1));
    World.awaitPool(site, World.MODEL);
    World.create(tenant, "now", "b200.1x", site).then().statusCode(202);
  }

  @Test
  void onlyPlatformAdminsImport() {
    Tenant tenant = World.tenant();
    tenant
        .as("owner")
        .contentType("application/json")
        .body("{}")
        .post("/api/v1/admin/imports/fleet")
        .then()
        .statusCode(403);
    World.admin()
        .contentType("application/json")
        .body("{\"sites\":[")
        .post("/api/v1/admin/imports/fleet")
        .then()
        .statusCode(400)
        .body("code", equalTo("MALFORMED_BODY"));
    World.admin()
        .contentType("application/json")
        .body(Map.of("sights", 1))
        .post("/api/v1/admin/imports/fleet")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/sights"));
  }
}
