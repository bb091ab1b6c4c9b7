package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.inventory.fixture.World.count;
import static dev.gpucloud.inventory.fixture.World.create;
import static dev.gpucloud.inventory.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.inventory.fixture.Checker;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.inventory.placement.Task;
import dev.gpucloud.inventory.placement.engine.Demand;
import dev.gpucloud.testsupport.ServiceStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets a place and who does not, alone and in a crowd. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class PlacementIT {
  @Inject Placement placement;

  @AfterEach
  void noSliceIsHeldTwiceAndEverySliceIsAccountedFor() {
    Checker.check();
  }

  /** All at once; answers in the order of the numbers. */
  private static List<Response> parallel(int n, IntFunction<Response> request) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Response>> futures = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        int number = i;
        futures.add(threads.submit(() -> request.apply(number)));
      }
      List<Response> answers = new ArrayList<>();
      for (Future<Response> future : futures) {
        answers.add(future.get());
      }
      return answers;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Long> outcomes(List<Response> answers) {
    return answers.stream()
        .map(a -> a.statusCode() == 202 ? "PLACED" : a.jsonPath().getString("code"))
        .collect(Collectors.groupingBy(code -> code, Collectors.counting()));
  }

  private static long instancesOf(Tenant tenant) {
    return count("select count(*) from instance where tenant_id = '%s'".formatted(tenant.id()));
  }

  @Test
  void oneOf64ParallelRequestsGetsTheLastGpu() {
    String site = World.site(1, "");
    Tenant tenant = World.tenantWithQuota(1000);
    create(tenant, "big", "b200.4x", site).then().statusCode(202);
    for (String name : List.of("a", "b", "c")) {
      create(tenant, name, "b200.1x", site).then().statusCode(202);
    }

    List<Response> answers = parallel(64, i -> create(tenant, "race-" + i, "b200.1x", site));

    assertThat(outcomes(answers)).isEqualTo(Map.of("PLACED", 1L, "INSUFFICIENT_CAPACITY", 63L));
    assertThat(instancesOf(tenant)).isEqualTo(5);
    assertThat(count("select free_mask from host where site_id = '%s'".formatted(site))).isZero();
  }

  @Test
  void quotaIsNeverExceededByAnyCrowd() {
    String site = World.site(8, "");
    Tenant tenant = World.tenantWithQuota(4);

    List<Response> answers = parallel(32, i -> create(tenant, "race-" + i, "b200.1x", site));

    assertThat(outcomes(answers)).isEqualTo(Map.of("PLACED", 4L, "QUOTA_EXCEEDED", 28L));
    assertThat(World.held(tenant)).isEqualTo(32);
    Response refused = create(tenant, "more", "b200.mig-3g", site);
    refused
        .then()
        .statusCode(409)
        .body("code", equalTo("QUOTA_EXCEEDED"))
        .body("params.limit", equalTo(4))
        .body("params.used", equalTo(4))
        .body("params.asked", is(0.5f));
  }

  @Test
  void aGroupsLimitHoldsForAllItsSubsidiaries() {
    String site = World.site(4, "");
    Tenant group = World.tenant("GROUP", null, "");
    Tenant one = World.tenant("SUBSIDIARY", group, "");
    Tenant two = World.tenant("SUBSIDIARY", group, "");
    World.quota(one, World.MODEL, 100, 1);
    World.quota(two, World.MODEL, null, 1);
    create(one, "free", "b200.1x", site).then().statusCode(202);
    World.quota(group, World.MODEL, 5, 1);

    List<Response> answers =
        parallel(16, i -> create(i % 2 == 0 ? one : two, "race-" + i, "b200.1x", site));

    assertThat(outcomes(answers)).isEqualTo(Map.of("PLACED", 4L, "QUOTA_EXCEEDED", 12L));
    create(two, "more", "b200.1x", site)
        .then()
        .body("params.scope", equalTo("GROUP"))
        .body("params.limit", equalTo(5));
  }

  @Test
  void aTenantWithoutQuotaGetsNothing() {
    String site = World.site(1, "");
    Tenant tenant = World.tenant();

    create(tenant, "first", "b200.1x", site)
        .then()
        .statusCode(409)
        .body("code", equalTo("QUOTA_EXCEEDED"))
        .body("params.limit", equalTo(0));
    assertThat(instancesOf(tenant)).isZero();
  }

  @Test
  void oneKeyHasOneEffectHoweverOftenItIsSent() {
    String site = World.site(4, "");
    Tenant tenant = World.tenantWithQuota(32);
    String key = UUID.randomUUID().toString();

    List<Response> answers = parallel(32, i -> create(tenant, "once", "b200.1x", site, key));

    assertThat(answers)
        .allMatch(
            a ->
                a.statusCode() == 202
                    || "REQUEST_IN_PROGRESS".equals(a.jsonPath().getString("code")));
    assertThat(instancesOf(tenant)).isEqualTo(1);
    Response again = create(tenant, "once", "b200.1x", site, key);
    again.then().statusCode(202).header("Idempotency-Replayed", "true");
    assertThat(
            answers.stream()
                .filter(a -> a.statusCode() == 202)
                .map(a -> a.jsonPath().getString("id"))
                .distinct())
        .containsExactly(again.jsonPath().getString("id"));
    create(tenant, "other", "b200.1x", site, key)
        .then()
        .statusCode(422)
        .body("code", equalTo("IDEMPOTENCY_KEY_REUSED"));
    assertThat(instancesOf(tenant)).isEqualTo(1);
  }

  @Test
  void aRepeatedRequestIsAnsweredAsBeforeThoughItWouldBeRefusedNow() {
    String site = World.site(1, "");
    Tenant tenant = World.tenantWithQuota(8);
    String key = UUID.randomUUID().toString();
    Response first = create(tenant, "whole", "b200.8x", site, key);
    first.then().statusCode(202);

    Response again = create(tenant, "whole", "b200.8x", site, key);

    again
        .then()
        .statusCode(202)
        .header("Idempotency-Replayed", "true")
        .body("id", equalTo(first.jsonPath().getString("id")));
    create(tenant, "whole", "b200.8x", site, UUID.randomUUID().toString())
        .then()
        .statusCode(409)
        .body("code", equalTo("INSUFFICIENT_CAPACITY"));
    create(tenant, "other", "b200.8x", site, key)
        .then()
        .statusCode(422)
        .body("code", equalTo("IDEMPOTENCY_KEY_REUSED"));
  }

  @Test
  void aRefusedRequestMayBeRepeatedWithItsKey() {
    String site = World.site(1, "");
    Tenant tenant = World.tenant();
    String key = UUID.randomUUID().toString();
    create(tenant, "later", "b200.1x", site, key).then().statusCode(409);
    World.quota(tenant, World.MODEL, 1, 1);

    create(tenant, "later", "b200.1x", site, key)
        .then()
        .statusCode(202)
        .header("Idempotency-Replayed", nullValue());
  }

  @Test
  void namesAreUniqueInAProjectUnderAnyCrowd() {
    String site = World.site(4, "");
    Tenant tenant = World.tenantWithQuota(32);

    List<Response> answers = parallel(16, i -> create(tenant, "same", "b200.1x", site));

    assertThat(outcomes(answers)).isEqualTo(Map.of("PLACED", 1L, "ALREADY_EXISTS", 15L));
    assertThat(World.held(tenant)).isEqualTo(8);
  }

  @Test
  void aRefusalSaysWhyAndWhatWouldFit() {
    String full = World.site(1, "");
    String other = World.site(2, "");
    Tenant tenant = World.tenantWithQuota(100);
    create(tenant, "half", "b200.4x", full).then().statusCode(202);

    create(tenant, "whole", "b200.8x", full)
        .then()
        .statusCode(409)
        .body("code", equalTo("INSUFFICIENT_CAPACITY"))
        .body("params.constraints.find { it.constraint == 'GPUS' }.removedHosts", equalTo(1))
        .body("params.alternatives.instanceType", hasItem("b200.4x"))
        .body("params.alternatives.find { it.site == '" + other + "' }.instances", equalTo(2));
    assertThat(instancesOf(tenant)).isEqualTo(1);
  }

  @Test
  void aHostWithFreeGpusMayLackVcpusOrMemory() {
    String site = "s" + Ids.next().toString().replace("-", "").substring(4, 20);
    World.importFleet(
            World.fleet(site, 1, "")
                .replace(
                    "\"instanceTypes\":[",
                    """
                    "instanceTypes":[
                     {"id":"b200.cpu","model":"b200-sxm-180g","gpus":1,"vcpus":200,"memoryGib":100},
                     {"id":"b200.mem","model":"b200-sxm-180g","gpus":1,"vcpus":8,"memoryGib":1700},"""))
        .then()
        .statusCode(200);
    World.awaitPool(site, World.MODEL);
    Tenant tenant = World.tenantWithQuota(100);
    create(tenant, "first", "b200.cpu", site).then().statusCode(202);

    create(tenant, "second", "b200.cpu", site)
        .then()
        .statusCode(409)
        .body("detail", containsString("1 have too few free vCPUs"))
        .body("params.constraints.find { it.constraint == 'VCPUS' }.removedHosts", equalTo(1));
    create(tenant, "third", "b200.mem", site)
        .then()
        .statusCode(409)
        .body("detail", containsString("1 have too little free memory"))
        .body("params.constraints.find { it.constraint == 'MEMORY' }.removedHosts", equalTo(1));
    assertThat(instancesOf(tenant)).isEqualTo(1);
  }

  @Test
  void dedicationAndResidencyAreHardRules() {
    Tenant owner = World.tenantWithQuota(8);
    String dedicated = World.site(1, ",\"dedicatedTo\":\"" + owner.slug() + "\"");
    Tenant stranger = World.tenantWithQuota(8);
    Tenant strict = World.tenant("EXTERNAL", null, ",\"residency\":{\"minCsapZone\":\"high\"}");
    World.quota(strict, World.MODEL, 8, 1);

    create(stranger, "no", "b200.1x", dedicated)
        .then()
        .statusCode(409)
        .body("params.constraints.constraint", hasItem("DEDICATION"));
    create(strict, "no", "b200.1x", null)
        .then()
        .statusCode(409)
        .body("params.constraints.constraint", hasItem("CSAP_ZONE"));
    create(owner, "yes", "b200.1x", null).then().statusCode(202).body("site", equalTo(dedicated));
    stranger
        .as("viewer")
        .get("/api/v1/instance-types/b200.1x")
        .then()
        .body("availability.findAll { it.site == '" + dedicated + "' }", hasSize(0));
  }

  @Test
  void validateOnlyDecidesAndTakesNothing() {
    String site = World.site(1, "");
    Tenant tenant = World.tenantWithQuota(8);

    tenant
        .as("operator")
        .contentType("application/json")
        .queryParam("validateOnly", true)
        .body("{\"name\":\"maybe\",\"instanceType\":\"b200.8x\",\"site\":\"%s\"}".formatted(site))
        .post(tenant.instances())
        .then()
        .statusCode(200)
        .body("fits", equalTo(true))
        .body("site", equalTo(site));

    assertThat(instancesOf(tenant)).isZero();
    create(tenant, "really", "b200.8x", site).then().statusCode(202);
    tenant
        .as("operator")
        .contentType("application/json")
        .queryParam("validateOnly", true)
        .body("{\"name\":\"more\",\"instanceType\":\"b200.8x\",\"site\":\"%s\"}".formatted(site))
        .post(tenant.instances())
        .then()
        .statusCode(409)
        .body("code", equalTo("QUOTA_EXCEEDED"));
  }

  @Test
  void theDatabaseWinsWhenTheIndexDisagrees() {
    String site = World.site(1, "");
    Tenant tenant = World.tenantWithQuota(64);
    double before = World.metric("gpucloud_writer_guard_mismatches_total", "");
    World.update(
        "update host set free_mask = free_mask & ~255::bigint where site_id = '" + site + "'");

    create(tenant, "whole", "b200.8x", site)
        .then()
        .statusCode(409)
        .body("code", equalTo("INSUFFICIENT_CAPACITY"));

    assertThat(World.metric("gpucloud_writer_guard_mismatches_total", "")).isGreaterThan(before);
    create(tenant, "half", "b200.4x", site).then().statusCode(202);
    World.update("update host set free_mask = free_mask | 255 where site_id = '" + site + "'");
  }

  @Test
  void aTaskThatCannotBeDecidedFailsAloneAndItsPoolGoesOn() {
    String site = World.site(1, "");
    Tenant tenant = World.tenantWithQuota(8);
    Demand broken = new Demand(tenant.slug(), World.MODEL, null, site, null, 0);
    Task.Retry task =
        new Task.Retry(new InstanceId(Ids.next()), tenant.id(), broken, new RunId(Ids.next()));

    assertThatThrownBy(() -> placement.place(task).await().atMost(Duration.ofSeconds(10)))
        .isInstanceOf(NullPointerException.class);

    create(tenant, "next", "b200.8x", site).then().statusCode(202);
  }

  @Test
  void aClusterAndSinglesDoNotShareTheLastHosts() {
    String site = World.site(4, "");
    Tenant tenant = World.tenantWithQuota(1000);

    List<Response> answers =
        parallel(
            12,
            i ->
                i % 3 == 0
                    ? cluster(tenant, "race-" + i, site, 3)
                    : create(tenant, "race-" + i, "b200.8x", site));

    assertThat(outcomes(answers).keySet()).isEqualTo(Set.of("PLACED", "INSUFFICIENT_CAPACITY"));
    long placed =
        IntStream.range(0, 12)
            .filter(i -> answers.get(i).statusCode() == 202)
            .mapToLong(i -> i % 3 == 0 ? 3 : 1)
            .sum();
    assertThat(placed).isEqualTo(4).isEqualTo(instancesOf(tenant));
    assertThat(
            count(
                "select count(*) from host where free_mask = 0 and site_id = '%s'".formatted(site)))
        .isEqualTo(placed);
  }

  private static Response cluster(Tenant tenant, String name, String site, int instances) {
    return tenant
        .as("operator")
        .contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(
            "{\"name\":\"%s\",\"instanceType\":\"b200.8x\",\"site\":\"%s\",\"instances\":%d}"
                .formatted(name, site, instances))
        .post(tenant.projectPath() + "/clusters");
  }

  @Test
  void anOwnerWhoseLeaseWasTakenCommitsNothing() {
    String site = World.site(1, "");
    Tenant tenant = World.tenantWithQuota(8);
    String lease = "pool:" + site + "/" + World.MODEL;
    long epoch = count("select epoch from lease where name = '" + lease + "'");
    World.update(
        """
        update lease set holder = 'another', epoch = epoch + 1,
          expires_at = now() + interval '3 seconds' where name = '%s'"""
            .formatted(lease));

    create(tenant, "first", "b200.8x", site)
        .then()
        .statusCode(503)
        .body("code", equalTo("UPSTREAM_UNAVAILABLE"));

    assertThat(instancesOf(tenant)).isZero();
    eventually(() -> create(tenant, "second", "b200.8x", site).statusCode() == 202);
    assertThat(count("select order_epoch from instance where tenant_id = '" + tenant.id() + "'"))
        .isEqualTo(epoch + 2);
  }

  @Test
  void aCordonedHostTakesNothingNew() {
    String site = World.site(1, "");
    Tenant tenant = World.tenantWithQuota(8);
    String host =
        World.admin().queryParam("site", site).get("/api/v1/admin/hosts").path("items[0].id");
    World.move(host.substring(4), "cordon")
        .then()
        .statusCode(200)
        .body("state", equalTo("CORDONED"));

    create(tenant, "no", "b200.1x", site)
        .then()
        .statusCode(409)
        .body("params.constraints.constraint", hasItem("HOST_STATE"));

    World.move(host.substring(4), "uncordon").then().statusCode(200);
    eventually(() -> create(tenant, "yes", "b200.1x", site).statusCode() == 202);
  }
}
