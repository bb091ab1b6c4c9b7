package dev.gpucloud.inventory.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.testsupport.ServiceStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands where, with its power, labels and changes. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class TopologyIT {

  private static Response patch(String path, String body) {
    return World.admin()
        .contentType("application/json")
        .header("If-Match", World.admin().get(path).header("ETag"))
        .body(body)
        .patch(path);
  }

  @Test
  void showsWhatIsBookedInRackHallAndSite() {
    String site = World.site(5, "");

    World.admin()
        .get("/api/v1/admin/sites/" + site)
        .then()
        .body("bookedKw", equalTo(71.5f))
        .body("itPowerKw", equalTo(100000.0f));
    World.admin()
        .queryParam("site", site)
        .get("/api/v1/admin/halls")
        .then()
        .body("items", hasSize(1))
        .body("items[0].bookedKw", equalTo(71.5f))
        .body("items[0].freeKw", equalTo(24928.5f));
    World.admin()
        .queryParam("site", site)
        .get("/api/v1/admin/racks")
        .then()
        .body("items.bookedKw", contains(57.2f, 14.3f))
        .body("items.hosts", contains(4, 1))
        .body("items[0].powerKw", equalTo(60.0f));
    World.admin()
        .queryParam("site", site)
        .get("/api/v1/admin/fabrics")
        .then()
        .body("items[0].racks", equalTo(2))
        .body("items[0].hosts", equalTo(5));
    World.admin()
        .queryParam("site", site)
        .get("/api/v1/admin/nvlink-domains")
        .then()
        .statusCode(200)
        .body("items", hasSize(0));
    World.admin().get("/api/v1/admin/regions").then().statusCode(200);
    World.admin().get("/api/v1/admin/racks/nowhere").then().statusCode(404);
  }

  @Test
  void labelsFilterAndChangesAreKeptWithActorAndReason() {
    String site = World.site(1, "");
    String path = "/api/v1/admin/sites/" + site;
    String body =
        "{\"reason\":\"second feed\",\"labels\":{\"tier\":\"gold-%s\"},\"itPowerKw\":90000}"
            .formatted(site);

    World.admin().contentType("application/json").body(body).patch(path).then().statusCode(428);
    patch(path, body)
        .then()
        .statusCode(200)
        .body("labels.tier", equalTo("gold-" + site))
        .body("itPowerKw", equalTo(90000.0f))
        .body("version", equalTo(2));

    World.admin()
        .queryParam("label", "tier=gold-" + site)
        .get("/api/v1/admin/sites")
        .then()
        .body("items.id", contains(site));
    World.admin()
        .queryParam("label", "tier")
        .get("/api/v1/admin/sites")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("label"));
    World.admin()
        .get(path + "/history")
        .then()
        .body("items", hasSize(1))
        .body("items[0].reason", equalTo("second feed"))
        .body("items[0].actor", equalTo("platform-admin"))
        .body("items[0].changes.itPowerKw", equalTo(90000));
    patch(path, "{\"reason\":\"x\",\"labels\":{\"UPPER\":\"x\"}}").then().statusCode(400);
    patch(path, "{\"reason\":\"x\"}").then().statusCode(400);
  }

  @Test
  void hostsHaveLabelsOfTheirOwn() {
    String site = World.site(3, "");
    String hosts = "/api/v1/admin/hosts";
    List<String> names =
        World.admin().queryParam("site", site).get(hosts).jsonPath().getList("items.name");
    String path = hosts + "/" + names.getFirst();
    String body =
        "{\"reason\":\"new row\",\"labels\":{\"row\":\"%s\",\"gen\":\"2\"}}".formatted(site);

    World.admin().contentType("application/json").body(body).patch(path).then().statusCode(428);
    patch(path, body)
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"2\""))
        .body("labels.row", equalTo(site))
        .body("state", equalTo("ACTIVE"));
    patch(hosts + "/" + names.get(1), body).then().statusCode(200);
    patch(path, "{\"reason\":\"x\",\"labels\":{\"UPPER\":\"x\"}}").then().statusCode(400);
    World.admin()
        .contentType("application/json")
        .header("If-Match", "\"1\"")
        .body(body)
        .patch(hosts + "/nowhere")
        .then()
        .statusCode(404);

    Response first =
        World.admin().queryParam("label", "row=" + site).queryParam("pageSize", 1).get(hosts);
    first.then().body("items.name", contains(names.getFirst()));
    World.admin()
        .queryParam("label", "row=" + site)
        .queryParam("pageToken", first.path("nextPageToken").toString())
        .get(hosts)
        .then()
        .body("items.name", contains(names.get(1)));
    World.admin().queryParam("site", site).get(hosts).then().body("items[2].labels.size()", is(0));
    World.admin()
        .queryParam("label", "row")
        .get(hosts)
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("label"));
    assertThat(
            World.value(
                "select reason || ' ' || actor from topology_history where kind = 'host' and id = '%s'"
                    .formatted(names.getFirst())))
        .isEqualTo("new row platform-admin");
  }

  @Test
  void aHallKeepsThePowerThatItsHostsDraw() {
    String site = World.site(2, "");
    String path = "/api/v1/admin/halls/" + site + "-h1";

    patch(path, "{\"reason\":\"a feed failed\",\"coolingKw\":28}")
        .then()
        .statusCode(409)
        .body("params.bookedKw", equalTo(28.6f))
        .body("errors[0].pointer", equalTo("/coolingKw"));
    patch(path, "{\"reason\":\"a feed failed\",\"coolingKw\":28.6}")
        .then()
        .statusCode(200)
        .body("freeKw", equalTo(0.0f));
  }

  @Test
  void labelsHaveNoUnseenCharacters() {
    String site = World.site(1, "");
    String hosts = "/api/v1/admin/hosts";
    String path =
        hosts + "/" + World.admin().queryParam("site", site).get(hosts).path("items[0].name");

    for (String odd : List.of("\\u0000", "a\\nb", "\\ud800")) {
      patch(path, "{\"reason\":\"x\",\"labels\":{\"row\":\"%s\"}}".formatted(odd))
          .then()
          .statusCode(400)
          .body("errors[0].pointer", equalTo("/labels/row"));
    }
    World.admin()
        .urlEncodingEnabled(false)
        .get(hosts + "?label=a%3D%00")
        .then()
        .statusCode(400)
        .body("code", equalTo("INVALID_PARAMETER"))
        .body("errors[0].pointer", equalTo("label"));
    World.admin().queryParam("label", "row=x").get(hosts).then().statusCode(200);
  }

  @Test
  void aFilterThatCannotHoldIsRefused() {
    for (String odd : List.of("FOO", "active")) {
      World.admin()
          .queryParam("state", odd)
          .get("/api/v1/admin/hosts")
          .then()
          .statusCode(400)
          .body("errors[0].pointer", equalTo("state"))
          .body("errors[0].detail", containsString("ACTIVE"));
    }
    World.admin()
        .queryParam("label", "a=b", "c=d")
        .get("/api/v1/admin/hosts")
        .then()
        .statusCode(400)
        .body("code", equalTo("INVALID_PARAMETER"))
        .body("errors[0].pointer", equalTo("label"))
        .body("errors[0].detail", equalTo("may be given once"));
  }
}
