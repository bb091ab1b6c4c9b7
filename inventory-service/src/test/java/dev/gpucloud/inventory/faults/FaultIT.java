package dev.gpucloud.inventory.faults;

import static dev.gpucloud.inventory.fixture.Site.events;
import static dev.gpucloud.inventory.fixture.Site.hostOf;
import static dev.gpucloud.inventory.fixture.Site.hostState;
import static dev.gpucloud.inventory.fixture.Site.view;
import static dev.gpucloud.inventory.fixture.World.count;
import static dev.gpucloud.inventory.fixture.World.create;
import static dev.gpucloud.inventory.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.gpucloud.inventory.fixture.Checker;
import dev.gpucloud.inventory.fixture.Site;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Faults as agents report them, good ones and bad ones. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class FaultIT {
  private static final String BREAKERS = "/api/v1/admin/fault-breakers";
  private static final String POLICIES = "/api/v1/admin/fault-policies/";

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private static String fault(String site, String host, Integer gpu, int xid, Instant at) {
    return """
    {"site":"%s","hostId":"hst_%s"%s,"xid":%d,"at":"%s","loggedAt":"%s","message":"as it says"}"""
        .formatted(site, host, gpu == null ? "" : ",\"gpu\":" + gpu, xid, at, at);
  }

  private static void report(String id, String topicSite, String host, String json) {
    TestKafka.send(
        new TestKafka.Event(
            id,
            "/site-agents/" + topicSite,
            "site.reports." + topicSite + ".v1",
            "hst_" + host,
            "gpu.faulted",
            "",
            1,
            json));
  }

  private static void report(Site site, String host, Integer gpu, int xid, Instant at) {
    report(UUID.randomUUID().toString(), site.id(), host, fault(site.id(), host, gpu, xid, at));
  }

  private static long faults(String host, String decision) {
    return count(
        "select count(*) from gpu_fault where host_id = '%s' and decision = '%s'"
            .formatted(host, decision));
  }

  private static List<String> hosts(Site site) {
    List<String> hosts = new ArrayList<>();
    World.admin()
        .queryParam("site", site.id())
        .get("/api/v1/admin/hosts")
        .jsonPath()
        .getList("items.id", String.class)
        .forEach(id -> hosts.add(id.substring(4)));
    return hosts;
  }

  @Test
  void aGpuWithAFaultIsOutOnceItIsFreeAndItsTenantIsTold() {
    Tenant tenant = World.tenantWithQuota(64);
    String id = Site.shared().running(tenant, "faulty", "b200.8x");
    String host = hostOf(id);

    report(Site.shared(), host, 3, 48, now());
    eventually(() -> "GPU_FAULT".equals(view(tenant, id, "maintenance.reason")));
    assertThat(view(tenant, id, "maintenance.at")).isNull();
    assertThat(view(tenant, id, "state")).isEqualTo("RUNNING");
    assertThat(hostState(host)).isEqualTo("ACTIVE");
    assertThat(events(id, 4)).last().isEqualTo("4 instance.maintenance-scheduled");
    Checker.check();

    tenant.as("operator").post(tenant.instances() + "/" + id + "/stop").then().statusCode(202);
    Site.shared().agent().report(Site.shared().agent().order(id, 2), "RELEASED", Instant.now());
    Site.awaitState(tenant, id, "STOPPED");
    World.admin()
        .get("/api/v1/admin/hosts/hst_" + host)
        .then()
        .body("gpusFree", equalTo(7))
        .body("freeSlots", equalTo("ffffffff00ffffff"))
        .body("badSlots", equalTo("00000000ff000000"));
    List<String> others = hosts(Site.shared());
    others.remove(host);
    others.removeIf(other -> !hostState(other).equals("ACTIVE"));
    others.forEach(other -> World.move(other, "cordon").then().statusCode(200));
    double mismatches = World.metric("gpucloud_writer_guard_mismatches_total", "");
    create(tenant, "whole", "b200.8x", Site.shared().id()).then().statusCode(409);
    for (int gpu = 0; gpu < 7; gpu++) {
      create(tenant, "one-" + gpu, "b200.1x", Site.shared().id()).then().statusCode(202);
    }
    create(tenant, "eighth", "b200.1x", Site.shared().id()).then().statusCode(409);
    others.forEach(other -> World.move(other, "uncordon").then().statusCode(200));
    assertThat(World.metric("gpucloud_writer_guard_mismatches_total", "")).isEqualTo(mismatches);

    World.admin()
        .contentType("application/json")
        .body("{\"gpus\":[3],\"reason\":\"reset and tested\"}")
        .post("/api/v1/admin/hosts/hst_" + host + "/restore-gpus")
        .then()
        .statusCode(204);
    World.admin().get("/api/v1/admin/hosts/hst_" + host).then().body("gpusFree", equalTo(1));
    report(Site.shared(), host, 3, 48, now().minusSeconds(3600));
    eventually(() -> faults(host, "STALE") == 1);
    assertThat(count("select bad_mask from host where id = '%s'".formatted(host))).isZero();
    Checker.check();
  }

  @Test
  void faultsQuarantineHostsUntilTheBreakerOpensAndTheRestIsOnlyRecorded() {
    Site pangyo = Site.withHosts(12);
    List<String> hosts = hosts(pangyo);
    for (String host : hosts.subList(0, 7)) {
      report(pangyo, host, 0, 79, now());
    }
    eventually(
        () ->
            count("select count(*) from gpu_fault where site_id = '%s'".formatted(pangyo.id()))
                == 7);

    assertThat(
            count(
                "select count(*) from host where site_id = '%s' and state = 'QUARANTINED'"
                    .formatted(pangyo.id())))
        .isEqualTo(5);
    assertThat(
            count(
                """
                select count(*) from gpu_fault where site_id = '%s'
                  and decision in ('BREAKER_OPENED', 'BREAKER_OPEN')"""
                    .formatted(pangyo.id())))
        .isEqualTo(2);
    String open = "items.find { it.site == '%s' }.open".formatted(pangyo.id());
    World.admin().get(BREAKERS).then().body(open, equalTo(true));
    eventually(
        () ->
            World.metric("gpucloud_faults_breaker_open", "site=\"%s\"".formatted(pangyo.id()))
                == 1);

    World.admin()
        .contentType("application/json")
        .body("{\"reason\":\"the agent was repaired\"}")
        .post(BREAKERS + "/" + pangyo.id() + "/reset")
        .then()
        .statusCode(200)
        .body("open", equalTo(false))
        .body("hostsTaken", equalTo(0));
    String later = hosts.get(8);
    report(pangyo, later, null, 95, now());
    eventually(() -> hostState(later).equals("QUARANTINED"));
    World.admin()
        .get("/api/v1/admin/hosts/hst_" + later + "/history")
        .then()
        .body(
            "items.last().reason",
            equalTo("XID 95: A memory error may have hit every program on the GPU; reset it."))
        .body("items.last().actor", equalTo("site-agent"));
    for (String host : hosts) {
      if (hostState(host).equals("QUARANTINED")) {
        World.move(host, "release-quarantine").then().statusCode(200);
      }
    }
  }

  @Test
  void aFaultThatIsReportedAgainOrLateChangesNothing() {
    String host = hosts(Site.shared()).get(30);
    Instant at = now();
    String json = fault(Site.shared().id(), host, 1, 79, at);
    String id = UUID.randomUUID().toString();
    report(id, Site.shared().id(), host, json);
    eventually(() -> hostState(host).equals("QUARANTINED"));
    World.move(host, "release-quarantine").then().statusCode(200);

    report(id, Site.shared().id(), host, json);
    report(UUID.randomUUID().toString(), Site.shared().id(), host, json);
    report(Site.shared(), host, 1, 79, at.minusSeconds(60));
    report(Site.shared(), host, 1, 9001, now());

    eventually(() -> faults(host, "WATCHED") == 1 && faults(host, "STALE") == 1);
    assertThat(hostState(host)).isEqualTo("ACTIVE");
    assertThat(count("select count(*) from gpu_fault where host_id = '" + host + "'")).isEqualTo(3);
    World.admin()
        .queryParam("pageSize", 2)
        .get("/api/v1/admin/hosts/hst_" + host + "/faults")
        .then()
        .body("items.size()", equalTo(2))
        .body("items[0].action", equalTo("WATCH"))
        .body("items[0].reason", equalTo("The code is not in our table."));
    World.admin()
        .queryParam("xid", 9001)
        .get("/api/v1/admin/faults")
        .then()
        .body("items.host", hasItem("hst_" + host));
  }

  @Test
  void aReportForAHostOfAnotherSiteIsADeadLetterAndChangesNothing() {
    Site other = Site.withHosts(1);
    String host = hosts(Site.shared()).get(31);
    double before = World.metric("gpucloud_faults_refused_total", "OTHER_SITE");
    report(UUID.randomUUID().toString(), other.id(), host, fault(other.id(), host, 0, 79, now()));
    report(
        UUID.randomUUID().toString(),
        other.id(),
        host,
        fault(Site.shared().id(), host, 0, 79, now()));

    TestKafka.await(
        "dead-letters.v1", 2, Duration.ofSeconds(30), r -> r.value().contains("hst_" + host));
    assertThat(hostState(host)).isEqualTo("ACTIVE");
    assertThat(count("select count(*) from gpu_fault where host_id = '" + host + "'")).isZero();
    assertThat(World.metric("gpucloud_faults_refused_total", "OTHER_SITE")).isEqualTo(before + 2);
  }

  @Test
  void anAdminDecidesWhatACodeAsksFor() {
    String host = hosts(Site.shared()).get(32);
    String body = "{\"action\":\"QUARANTINE_HOST\",\"reason\":\"seen before every crash\"}";
    World.admin()
        .contentType("application/json")
        .body(body)
        .put(POLICIES + "66")
        .then()
        .statusCode(428);
    World.admin()
        .contentType("application/json")
        .header("If-Match", "\"0\"")
        .body(body)
        .put(POLICIES + "66")
        .then()
        .statusCode(200)
        .body("decidedBy", equalTo("platform-admin"))
        .header("ETag", equalTo("\"1\""));

    report(Site.shared(), host, 2, 66, now());
    eventually(() -> hostState(host).equals("QUARANTINED"));

    World.admin().delete(POLICIES + "66").then().statusCode(200).body("action", equalTo("WATCH"));
    World.admin()
        .contentType("application/json")
        .header("If-Match", "\"0\"")
        .body("{\"action\":\"EXPLODE\",\"reason\":\"x\"}")
        .put(POLICIES + "66")
        .then()
        .statusCode(400);
    World.admin().get(POLICIES + "xid").then().statusCode(400);
    World.move(host, "release-quarantine").then().statusCode(200);
  }
}
