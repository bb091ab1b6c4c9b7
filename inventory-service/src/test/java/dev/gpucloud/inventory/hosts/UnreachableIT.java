package dev.gpucloud.inventory.hosts;

import static dev.gpucloud.inventory.fixture.Site.hostOf;
import static dev.gpucloud.inventory.fixture.Site.hostState;
import static dev.gpucloud.inventory.fixture.World.count;
import static dev.gpucloud.inventory.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.gpucloud.inventory.fixture.Checker;
import dev.gpucloud.inventory.fixture.Site;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Hosts whose agent breaks its promise of heartbeats. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class UnreachableIT {
  private static boolean unreachable(String host) {
    return count(
            "select count(*) from host where id = '%s' and unreachable_since is not null"
                .formatted(host))
        == 1;
  }

  private static void beat(String site, String host) {
    TestKafka.send(
        new TestKafka.Event(
            UUID.randomUUID().toString(),
            "/site-agent",
            "site.heartbeats." + site + ".v1",
            "hst_" + host,
            "host.alive",
            "",
            1,
            "{\"site\":\"%s\",\"hostId\":\"hst_%s\",\"at\":\"%s\",\"runs\":[]}"
                .formatted(site, host, Instant.now())));
  }

  @Test
  void aHostThatIsNotHeardOfTakesNothingNewAndComesBackWithABeat() {
    Tenant tenant = World.tenantWithQuota(8);
    Instant before = Instant.now();
    Site site = Site.withHosts(1);
    String id = site.running(tenant, "quiet", "b200.1x");
    String host = hostOf(id);
    World.update(
        "update allocation set held_from = now() - interval '2 hours' where host_id = '%s'"
            .formatted(host));
    World.silence(host, before);

    eventually(
        () -> {
          World.forget(host); // a report that was under way may have come since
          return unreachable(host);
        });
    assertThat(hostState(host)).isEqualTo("ACTIVE");
    World.admin()
        .get("/api/v1/admin/hosts/hst_" + host)
        .then()
        .body("unreachableSince", notNullValue());
    eventually(
        () -> World.metric("gpucloud_hosts_unreachable", "site=\"%s\"".formatted(site.id())) >= 1);
    assertThat(
            count(
                "select count(*) from allocation where host_id = '%s' and state = 'HELD'"
                    .formatted(host)))
        .as("nothing is released without proof or fence")
        .isGreaterThanOrEqualTo(1);

    beat(site.id(), host);
    eventually(() -> !unreachable(host));
    World.admin()
        .get("/api/v1/admin/hosts/hst_" + host)
        .then()
        .body("unreachableSince", nullValue());
    Checker.check();
  }

  @Test
  void anIdleHostIsNotJudged() {
    String site = World.site(1, "");
    String host = World.value("select id from host where site_id = '" + site + "'");
    World.update(
        "update host set last_seen_at = now() - interval '2 days' where id = '" + host + "'");
    Tenant tenant = World.tenantWithQuota(8);

    World.create(tenant, "first", "b200.1x", site).then().statusCode(202);

    assertThat(unreachable(host)).isFalse();
  }

  @Test
  void anUnreachableHostRefusesInTheIndexAndInTheDatabase() {
    String site = World.site(1, "");
    String host = World.value("select id from host where site_id = '" + site + "'");
    Tenant tenant = World.tenantWithQuota(8);
    World.create(tenant, "holder", "b200.1x", site).then().statusCode(202);
    World.update("update host set unreachable_since = now() where id = '" + host + "'");

    World.create(tenant, "no", "b200.1x", site).then().statusCode(409);

    assertThat(count("select count(*) from allocation where host_id = '" + host + "'"))
        .isEqualTo(1);
  }
}
