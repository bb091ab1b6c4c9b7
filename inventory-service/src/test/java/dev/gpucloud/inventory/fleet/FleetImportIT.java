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
import java.util.List;
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
    assertThat(
            count(
                "select count(*) from delivery where state = 'ORDERED' and site_id = 'kr-ulsan-1'"))
        .isEqualTo(3);
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
    World.importFleet(
            World.fleet(site, 2, "")
                .replace(
                    "\"gpuModels\":[",
                    """
                    "gpuModels":[{"id":"whole-24g","vendor":"NVIDIA","name":"Whole","memoryGib":24,
                     "boardPowerW":72,"nvlinkDomainGpus":1},""")
                .replace(
                    "\"instanceTypes\":[",
                    """
                    "instanceTypes":[{"id":"whole.mig","model":"whole-24g","migProfile":"1g.6gb",
                     "vcpus":4,"memoryGib":16},"""))
        .then()
        .statusCode(400)
        .body(
            "errors.find { it.pointer == '/instanceTypes/0/migProfile' }.detail",
            equalTo("is no profile of the model; it has none"));
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
        .statusCode(200)
        .body("changed.values()", everyItem(is(0)));
    assertThat(World.value("select state from delivery where id = 'dlv-" + site + "'"))
        .isEqualTo("ACCEPTED");
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
            "params.alternatives.find { it.kind == 'OVERDUE' && it.site == '%s' }.overdueSince"
                .formatted(site),
            equalTo("2026-01-01"));
    World.importFleet(ordered.replace("2026-01-01", "2999-01-01")).then().statusCode(200);
    World.create(tenant, "early", "b200.1x", site)
        .then()
        .statusCode(409)
        .body(
            "params.alternatives.find { it.kind == 'LATER' && it.site == '%s' }.due"
                .formatted(site),
            equalTo("2999-01-01"));

    World.importFleet(World.fleet(site, 2, ""))
        .then()
        .statusCode(200)
        .body("changed.hosts", equalTo(2))
        .body("changed.deliveries", equalTo(1));
    World.awaitPool(site, World.MODEL);
    World.create(tenant, "now", "b200.1x", site).then().statusCode(202);
  }

  private static Response csv(String table) {
    return World.admin()
        .config(
            RestAssuredConfig.config()
                .encoderConfig(
                    EncoderConfig.encoderConfig()
                        .encodeContentTypeAs("text/csv", ContentType.TEXT)))
        .contentType("text/csv")
        .body(table)
        .post("/api/v1/admin/imports/fleet");
  }

  @Test
  void announcedHostsComeAsATableAndTakeTheirPlaces() {
    String site = "s" + Ids.next().toString().replace("-", "").substring(4, 20);
    String ordered = World.fleet(site, 3, "").replace("\"ACCEPTED\"", "\"ORDERED\"");
    World.importFleet(ordered).then().statusCode(200);
    String table =
        """
        serial,delivery,rack,name
        %1$s-A,dlv-%1$s,%1$s-rack7,
        %1$s-B,dlv-%1$s,%1$s-rack7,%1$s-second
        """
            .formatted(site);

    csv(table).then().statusCode(200).body("changed.expectedHosts", equalTo(2));
    csv(table).then().statusCode(200).body("changed.values()", everyItem(is(0)));
    World.importFleet(World.fleet(site, 3, "")).then().statusCode(200);

    assertThat(
            World.value(
                """
                select string_agg(serial || ' ' || name || ' ' || rack_id, ', ' order by name desc)
                from host where site_id = '%s' and rack_id like '%%rack7'"""
                    .formatted(site)))
        .isEqualTo(
            "%1$s-B %1$s-second %1$s-rack7, %1$s-A %1$s-r0001-h01 %1$s-rack7".formatted(site));
    assertThat(count("select count(*) from host where site_id = '" + site + "'")).isEqualTo(3);
    csv(table.replace("-B,", "-C,"))
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("row 2, column delivery"));
  }

  @Test
  void namesRowAndColumnOfEveryWrongCellAndImportsNothing() {
    String site = World.site(1, "");
    String taken = World.value("select serial from host where site_id = '" + site + "'");
    String other = "s" + Ids.next().toString().replace("-", "").substring(4, 20);
    World.importFleet(World.fleet(other, 2, "").replace("\"ACCEPTED\"", "\"ORDERED\""))
        .then()
        .statusCode(200);

    csv("""
            delivery,serial,rack
            dlv-%1$s,%2$s,
            dlv-nowhere,X1,
            dlv-%1$s,%1$s-A,
            dlv-%1$s,%1$s-A,
            """
            .formatted(other, taken))
        .then()
        .statusCode(400)
        .body(
            "errors.pointer",
            hasItems(
                "row 2, column serial", "row 3, column delivery", "row 5, column serial", "row 5"));
    csv("delivery,serial\ndlv-" + other + ",\"open\n")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("row 2"));
    csv("delivery,colour\n").then().statusCode(400).body("errors", hasSize(2));
    assertThat(count("select count(*) from expected_host where delivery_id = 'dlv-" + other + "'"))
        .isZero();
  }

  @Test
  void aTypeWithOtherMemoryIsANewVersionAndWhatRunsKeepsItsOwn() {
    String site = World.site(1, "");
    Tenant tenant = World.tenantWithQuota(8);
    String fleet = World.fleet(site, 1, "");
    String type = "t" + site + ".1x";
    String mine = fleet.replace("\"id\":\"b200.1x\"", "\"id\":\"" + type + "\"");
    World.importFleet(mine).then().statusCode(200);
    World.create(tenant, "before", type, site).then().statusCode(202);

    World.importFleet(
            mine.replace("\"vcpus\":28,\"memoryGib\":224", "\"vcpus\":28,\"memoryGib\":200"))
        .then()
        .statusCode(200)
        .body("changed.instanceTypes", equalTo(1));
    World.importFleet(mine.replace("\"gpus\":1,\"vcpus\":28", "\"gpus\":2,\"vcpus\":28"))
        .then()
        .statusCode(400)
        .body("errors.pointer", hasItem("/instanceTypes/0"));

    World.admin()
        .get("/api/v1/admin/instance-types/" + type + "/versions")
        .then()
        .body("items.version", equalTo(List.of(1, 2)))
        .body("items.memoryGib", equalTo(List.of(224, 200)));
    World.create(tenant, "after", type, site).then().statusCode(202);
    assertThat(
            World.value(
                "select string_agg(memory_gib::text, ',' order by name desc) from instance"
                    + " where tenant_id = '%s'".formatted(tenant.id())))
        .isEqualTo("224,200");
  }

  @Test
  void validateOnlyKeepsNothing() {
    String site = "s" + Ids.next().toString().replace("-", "").substring(4, 20);

    World.admin()
        .contentType("application/json")
        .queryParam("validateOnly", true)
        .body(World.fleet(site, 2, ""))
        .post("/api/v1/admin/imports/fleet")
        .then()
        .statusCode(200)
        .body("changed.hosts", equalTo(2))
        .body("validateOnly", equalTo(true));

    assertThat(count("select count(*) from site where id = '" + site + "'")).isZero();
  }

  @Test
  void refusesWhatIsTooLargeOrUnfoldsItself() {
    post("# " + "x".repeat(10 << 20) + "\nsites: []\n")
        .then()
        .statusCode(413)
        .body("code", equalTo("BODY_TOO_LARGE"));
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a%1$d: &a%1$d [*a%2$d, *a%2$d, *a%2$d, *a%2$d]\n".formatted(i, i - 1));
    }
    post(bomb.toString()).then().statusCode(400);
    post("sites: [").then().statusCode(400).body("code", equalTo("MALFORMED_BODY"));
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

  @Test
  void aSwitchThatIsNeitherTrueNorFalseImportsNothing() {
    String site = "s" + Ids.next().toString().replace("-", "").substring(4, 20);

    World.admin()
        .contentType("application/json")
        .queryParam("validateOnly", "yes")
        .body(World.fleet(site, 2, ""))
        .post("/api/v1/admin/imports/fleet")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("validateOnly"));

    assertThat(count("select count(*) from site where id = '" + site + "'")).isZero();
  }

  @Test
  void aDateFarOutIsNamed() {
    String site = "s" + Ids.next().toString().replace("-", "").substring(4, 20);
    String ordered = World.fleet(site, 1, "").replace("\"ACCEPTED\"", "\"ORDERED\"");

    for (String odd : List.of("+999999999-12-31", "0000-01-01", "1999-12-31")) {
      World.importFleet(ordered.replace("2026-01-01", odd))
          .then()
          .statusCode(400)
          .body("errors[0].pointer", equalTo("/deliveries/0/due"));
    }
  }

  @Test
  void racksKeepThePowerThatTheirHostsDraw() {
    String site = World.site(5, "");
    String halls =
        """
        {"sites":[{"id":"%1$s","region":"kr-test","country":"KR","itPowerMw":100,"csapZone":"low",
          "halls":[{"id":"%1$s-h1","powerKw":25000,"coolingKw":25000,"rackPowerKw":%2$s}]}]}""";

    World.importFleet(halls.formatted(site, 5))
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/sites/0/halls/0/rackPowerKw"))
        .body(
            "errors[0].detail",
            equalTo(
                "is less than the 57.2 kW booked in rack %1$s of hall %2$s"
                    .formatted(
                        World.value(
                            "select id from rack where hall_id = '%s-h1' and booked_kw = 57.2"
                                .formatted(site)),
                        site + "-h1")));
    World.importFleet(halls.formatted(site, "57.2"))
        .then()
        .statusCode(200)
        .body("changed.halls", equalTo(1));
  }

  @Test
  void yamlIsOneDocument() {
    post("deliveries: []\n---\nsites: []\n")
        .then()
        .statusCode(400)
        .body("code", equalTo("MALFORMED_BODY"))
        .body("detail", containsString("one document"));
    post("---\ndeliveries: []\n...\n").then().statusCode(200);
  }

  @Test
  void typesThatThereAreNotHaveNoVersions() {
    World.admin().get("/api/v1/admin/instance-types/nope/versions").then().statusCode(404);
  }
}
