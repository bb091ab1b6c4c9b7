package dev.gpucloud.inventory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * Who may do what: every endpoint the service has, as every kind of caller. A request that is let
 * through names nothing that exists, so it changes nothing.
 */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class AccessIT {
  private static final String CLUSTERS = "/api/v1/projects/{project}/clusters";
  private static final String INSTANCES = "/api/v1/projects/{project}/instances";
  private static final String VOLUMES = "/api/v1/projects/{project}/volumes";
  private static final String INSTANCE = INSTANCES + "/{instance}";
  private static final String SITES = "/api/v1/admin/sites";
  private static final String HALLS = "/api/v1/admin/halls";
  private static final String DELIVERIES = "/api/v1/admin/deliveries";
  private static final String HOSTS = "/api/v1/admin/hosts";
  private static final String POLICY = "/api/v1/admin/fault-policies/{xid}";
  private static final String WINDOWS = "/api/v1/admin/maintenance-windows";
  private static final Set<String> MEMBERS = Set.of("owner", "operator", "viewer");
  private static final Set<String> WORKING = Set.of("owner", "operator");
  private static final Set<String> EVERYBODY =
      Set.of("owner", "operator", "viewer", "foreign", "platform-admin", "auditor", "service");
  private static final Set<String> ADMIN = Set.of("platform-admin");
  private static final Set<String> AUDIT = Set.of("platform-admin", "auditor");

  private record Endpoint(String method, String path, Set<String> allowed) {
    boolean atTenant() {
      return path.contains("{project}") || path.contains("{tenant}");
    }
  }

  private static final List<Endpoint> ENDPOINTS =
      List.of(
          new Endpoint("GET", INSTANCES, MEMBERS),
          new Endpoint("POST", INSTANCES, WORKING),
          new Endpoint("GET", INSTANCE, MEMBERS),
          new Endpoint("PATCH", INSTANCE, WORKING),
          new Endpoint("DELETE", INSTANCE, WORKING),
          new Endpoint("POST", INSTANCE + "/stop", WORKING),
          new Endpoint("POST", INSTANCE + "/start", WORKING),
          new Endpoint("POST", INSTANCE + "/reboot", WORKING),
          new Endpoint("POST", INSTANCE + "/resize", WORKING),
          new Endpoint("POST", INSTANCE + "/move", WORKING),
          new Endpoint("GET", INSTANCE + "/history", MEMBERS),
          new Endpoint("GET", INSTANCE + "/acceptance-report", MEMBERS),
          new Endpoint("GET", INSTANCE + "/setup", MEMBERS),
          new Endpoint("GET", INSTANCE + "/user-data", WORKING),
          new Endpoint("GET", INSTANCE + "/connect", MEMBERS),
          new Endpoint("GET", INSTANCE + "/console-log", MEMBERS),
          new Endpoint("PUT", INSTANCE + "/allow-list", WORKING),
          new Endpoint("GET", VOLUMES, MEMBERS),
          new Endpoint("POST", VOLUMES, WORKING),
          new Endpoint("GET", VOLUMES + "/{volume}", MEMBERS),
          new Endpoint("DELETE", VOLUMES + "/{volume}", WORKING),
          new Endpoint("POST", VOLUMES + "/{volume}/attach", WORKING),
          new Endpoint("POST", VOLUMES + "/{volume}/detach", WORKING),
          new Endpoint("GET", "/api/v1/images", EVERYBODY),
          new Endpoint("GET", "/api/v1/admin/images", AUDIT),
          new Endpoint("PUT", "/api/v1/admin/images/{image}/versions/{version}", ADMIN),
          new Endpoint("DELETE", "/api/v1/admin/images/{image}/versions/{version}", ADMIN),
          new Endpoint("GET", "/api/v1/admin/sites/{site}/setup", AUDIT),
          new Endpoint("PUT", "/api/v1/admin/sites/{site}/setup/network", ADMIN),
          new Endpoint("GET", CLUSTERS, MEMBERS),
          new Endpoint("POST", CLUSTERS, WORKING),
          new Endpoint("GET", CLUSTERS + "/{cluster}", MEMBERS),
          new Endpoint("DELETE", CLUSTERS + "/{cluster}", WORKING),
          new Endpoint("GET", CLUSTERS + "/{cluster}/instances", MEMBERS),
          new Endpoint("POST", "/api/v1/projects/{project}/placements", MEMBERS),
          new Endpoint("GET", "/api/v1/tenants/{tenant}/quota-usage", MEMBERS),
          new Endpoint("GET", "/api/v1/operations/{operation}", EVERYBODY),
          new Endpoint("GET", "/api/v1/instance-types", EVERYBODY),
          new Endpoint("GET", "/api/v1/instance-types/{type}", EVERYBODY),
          new Endpoint("GET", "/api/v1/capacity", EVERYBODY),
          new Endpoint("GET", "/api/v1/admin/gpu-models", AUDIT),
          new Endpoint("GET", "/api/v1/admin/instance-types/{type}/versions", AUDIT),
          new Endpoint("GET", "/api/v1/admin/regions", AUDIT),
          new Endpoint("GET", SITES, AUDIT),
          new Endpoint("GET", SITES + "/{site}", AUDIT),
          new Endpoint("PATCH", SITES + "/{site}", ADMIN),
          new Endpoint("GET", SITES + "/{site}/history", AUDIT),
          new Endpoint("GET", HALLS, AUDIT),
          new Endpoint("GET", HALLS + "/{hall}", AUDIT),
          new Endpoint("PATCH", HALLS + "/{hall}", ADMIN),
          new Endpoint("GET", HALLS + "/{hall}/history", AUDIT),
          new Endpoint("GET", "/api/v1/admin/racks", AUDIT),
          new Endpoint("GET", "/api/v1/admin/racks/{rack}", AUDIT),
          new Endpoint("PATCH", "/api/v1/admin/racks/{rack}", ADMIN),
          new Endpoint("GET", "/api/v1/admin/fabrics", AUDIT),
          new Endpoint("GET", "/api/v1/admin/nvlink-domains", AUDIT),
          new Endpoint("GET", DELIVERIES, AUDIT),
          new Endpoint("GET", DELIVERIES + "/{delivery}", AUDIT),
          new Endpoint("GET", DELIVERIES + "/{delivery}/history", AUDIT),
          new Endpoint("POST", DELIVERIES + "/{delivery}/ship", ADMIN),
          new Endpoint("POST", DELIVERIES + "/{delivery}/deliver", ADMIN),
          new Endpoint("POST", DELIVERIES + "/{delivery}/accept", ADMIN),
          new Endpoint("POST", DELIVERIES + "/{delivery}/slip", ADMIN),
          new Endpoint("POST", DELIVERIES + "/{delivery}/announce", ADMIN),
          new Endpoint("GET", DELIVERIES + "/{delivery}/expected-hosts", AUDIT),
          new Endpoint("GET", "/api/v1/admin/discrepancies", AUDIT),
          new Endpoint("GET", "/api/v1/admin/discrepancies/{discrepancy}", AUDIT),
          new Endpoint("POST", "/api/v1/admin/discrepancies/{discrepancy}/resolve", ADMIN),
          new Endpoint("GET", "/api/v1/admin/gpus", AUDIT),
          new Endpoint("GET", HOSTS + "/{host}/acceptance", AUDIT),
          new Endpoint("POST", HOSTS + "/{host}/acceptance/begin", ADMIN),
          new Endpoint("POST", HOSTS + "/{host}/acceptance/complete", ADMIN),
          new Endpoint("GET", HOSTS, AUDIT),
          new Endpoint("GET", HOSTS + "/{host}", AUDIT),
          new Endpoint("PATCH", HOSTS + "/{host}", ADMIN),
          new Endpoint("POST", HOSTS + "/{host}/cordon", ADMIN),
          new Endpoint("POST", HOSTS + "/{host}/uncordon", ADMIN),
          new Endpoint("POST", HOSTS + "/{host}/quarantine", ADMIN),
          new Endpoint("POST", HOSTS + "/{host}/release-quarantine", ADMIN),
          new Endpoint("POST", HOSTS + "/{host}/reaccept", ADMIN),
          new Endpoint("POST", HOSTS + "/{host}/end-maintenance", ADMIN),
          new Endpoint("POST", HOSTS + "/{host}/retire", ADMIN),
          new Endpoint("GET", HOSTS + "/{host}/history", AUDIT),
          new Endpoint("GET", HOSTS + "/{host}/drain", AUDIT),
          new Endpoint("POST", HOSTS + "/{host}/drain", ADMIN),
          new Endpoint("POST", HOSTS + "/{host}/cancel-drain", ADMIN),
          new Endpoint("GET", HOSTS + "/{host}/faults", AUDIT),
          new Endpoint("POST", HOSTS + "/{host}/restore-gpus", ADMIN),
          new Endpoint("GET", "/api/v1/admin/faults", AUDIT),
          new Endpoint("GET", "/api/v1/admin/fault-policies", AUDIT),
          new Endpoint("GET", POLICY, AUDIT),
          new Endpoint("PUT", POLICY, ADMIN),
          new Endpoint("DELETE", POLICY, ADMIN),
          new Endpoint("GET", "/api/v1/admin/fault-breakers", AUDIT),
          new Endpoint("POST", "/api/v1/admin/fault-breakers/{site}/reset", ADMIN),
          new Endpoint("GET", WINDOWS, AUDIT),
          new Endpoint("POST", WINDOWS, ADMIN),
          new Endpoint("GET", WINDOWS + "/{window}", AUDIT),
          new Endpoint("POST", WINDOWS + "/{window}/cancel", ADMIN),
          new Endpoint("POST", "/api/v1/admin/imports/fleet", ADMIN),
          new Endpoint("GET", "/internal/v1/metering/positions", Set.of("service")));

  @Test
  void knowsEveryEndpointThatTheServiceOffers() {
    JsonPath served = given().get("/q/openapi?format=json").jsonPath();
    Map<String, Map<String, Object>> paths = served.getMap("paths");
    Set<String> offered = new TreeSet<>();
    paths.forEach(
        (path, operations) ->
            operations.keySet().stream()
                .filter(Set.of("get", "post", "put", "patch", "delete")::contains)
                .forEach(method -> offered.add(method.toUpperCase(Locale.ROOT) + " " + path)));
    Set<String> known = new TreeSet<>();
    ENDPOINTS.forEach(e -> known.add(e.method() + " " + e.path()));

    assertThat(offered).isEqualTo(known);
  }

  @Test
  void letsThroughWhomItShouldAndNobodyElse() {
    Tenant tenant = World.tenant();
    Tenant foreign = World.tenant();
    SoftAssertions all = new SoftAssertions();
    for (Endpoint endpoint : ENDPOINTS) {
      all.assertThat(send(given(), endpoint, tenant)).as("%s as nobody", endpoint).isEqualTo(401);
      for (String persona : EVERYBODY) {
        int status = send(caller(persona, tenant, foreign), endpoint, tenant);
        if (endpoint.allowed().contains(persona)) {
          all.assertThat(status).as("%s as %s", endpoint, persona).isNotIn(401, 403, 500);
        } else {
          boolean outside = endpoint.atTenant() && !MEMBERS.contains(persona);
          all.assertThat(status).as("%s as %s", endpoint, persona).isEqualTo(outside ? 404 : 403);
        }
      }
    }
    all.assertAll();
  }

  private static RequestSpecification caller(String persona, Tenant tenant, Tenant foreign) {
    return switch (persona) {
      case "owner", "operator", "viewer" -> tenant.as(persona);
      case "foreign" -> foreign.as("owner");
      default -> World.withToken(TestTokens.user(persona, persona, persona));
    };
  }

  private static int send(RequestSpecification as, Endpoint endpoint, Tenant tenant) {
    String path =
        endpoint
            .path()
            .replace("{project}", tenant.slug() + ".main")
            .replace("{tenant}", tenant.slug())
            .replaceAll("\\{[a-z]+}", "nothing");
    RequestSpecification request =
        endpoint.method().startsWith("P") ? as.contentType("application/json").body("[]") : as;
    return request.request(endpoint.method(), path).statusCode();
  }
}
