package dev.gpucloud.inventory.quota;

import static dev.gpucloud.inventory.fixture.World.MODEL;
import static dev.gpucloud.inventory.fixture.World.count;
import static dev.gpucloud.inventory.fixture.World.create;
import static dev.gpucloud.inventory.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.inventory.fixture.Checker;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.inventory.placement.QuotaTransfer;
import dev.gpucloud.inventory.quota.engine.Excess;
import dev.gpucloud.inventory.quota.engine.QuotaScope;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.testsupport.ServiceStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits over tree, project and site: what each binds, and that none is passed in a crowd. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class QuotaRaceIT {
  @Inject Transactions transactions;

  /** Looks at every write: no count may grow beyond the limit that its row has at that moment. */
  @BeforeEach
  void watchEveryWrite() {
    World.update(
        """
        create table if not exists quota_breach (scope_id uuid, site text, used bigint, lim int)""");
    World.update("grant insert on quota_breach to public");
    World.update(
        """
        create or replace function note_breach() returns trigger language plpgsql as $$ begin
          if new.used_slices > old.used_slices and new.used_slices > 8 * new.ceiling_gpus then
            insert into quota_breach
            values (new.scope_id, new.site, new.used_slices, new.ceiling_gpus);
          end if;
          return null;
        end $$""");
    World.update(
        """
        create or replace trigger quota_watch after update on quota_usage
        for each row execute function note_breach()""");
  }

  @AfterEach
  void everythingAddsUp() {
    assertThat(count("select count(*) from quota_breach")).as("growth above a limit").isZero();
    World.update("drop trigger quota_watch on quota_usage");
    Checker.check();
  }

  @Test
  void aProjectsLimitBindsItAlone() {
    String site = World.site(2, "");
    Tenant tenant = World.tenantWithQuota(16);
    World.quota(tenant, tenant.project(), null, MODEL, 4, 1);

    create(tenant, "half", "b200.4x", site).then().statusCode(202);

    create(tenant, "more", "b200.1x", site)
        .then()
        .statusCode(409)
        .body("code", equalTo("QUOTA_EXCEEDED"))
        .body("params.scope", equalTo("PROJECT"))
        .body("params.limit", equalTo(4))
        .body("params.used", equalTo(4))
        .body("params.free", equalTo(0))
        .body("params.site", nullValue())
        .body("detail", containsString("Stop or delete instances"));
    World.quota(tenant, tenant.project(), null, MODEL, null, 2);
    create(tenant, "more", "b200.4x", site).then().statusCode(202);
  }

  @Test
  void aSitesLimitBindsWhatIsHeldThereAndSendsTheRestElsewhere() {
    String narrow = World.site(2, "");
    Tenant tenant = World.tenantWithQuota(64);
    World.quota(tenant, null, narrow, MODEL, 2, 1);

    create(tenant, "here", "b200.1x", narrow).then().statusCode(202);

    create(tenant, "large", "b200.4x", narrow)
        .then()
        .statusCode(409)
        .body("params.scope", equalTo("TENANT"))
        .body("params.site", equalTo(narrow))
        .body("params.free", equalTo(1))
        .body("detail", containsString("go to another site"));
    validate(tenant, "b200.4x", narrow).then().statusCode(409).body("params.site", equalTo(narrow));
    validate(tenant, "b200.1x", narrow).then().statusCode(200);
  }

  @Test
  void aFullSiteLimitDoesNotStopWhatMayGoAnywhere() {
    Tenant tenant = World.tenant();
    String mine = World.site(1, ",\"dedicatedTo\":\"" + tenant.slug() + "\"");
    String common = World.site(1, "");
    World.quota(tenant, MODEL, 64, 1);
    World.quota(tenant, null, mine, MODEL, 0, 1);

    Response placed = create(tenant, "roams", "b200.1x", null);

    placed.then().statusCode(202);
    assertThat((String) placed.path("site")).isNotEqualTo(mine);
    assertThat(count("select count(*) from host where site_id = '%s'".formatted(common))).isOne();
    validate(tenant, "b200.1x", null).then().statusCode(200);
  }

  @Test
  void loweringBelowWhatIsHeldOnlyStopsGrowth() {
    String site = World.site(1, "");
    Tenant tenant = World.tenantWithQuota(8);
    create(tenant, "kept", "b200.4x", site).then().statusCode(202);
    World.quota(tenant, MODEL, 1, 2);

    create(tenant, "more", "b200.1x", site)
        .then()
        .statusCode(409)
        .body("params.limit", equalTo(1))
        .body("params.used", equalTo(4))
        .body("params.free", equalTo(0));

    tenant
        .as("viewer")
        .get("/api/v1/tenants/" + tenant.slug() + "/quota-usage?site=" + site)
        .then()
        .body("items.size()", equalTo(2))
        .body("items[0].usedGpus", equalTo(4))
        .body("items[0].limitGpus", nullValue())
        .body("items[1].project", equalTo("main"));
    tenant
        .as("viewer")
        .get("/api/v1/tenants/" + tenant.slug() + "/quota-usage?pageSize=1")
        .then()
        .body("items.size()", equalTo(1))
        .body("items[0].limitGpus", equalTo(1))
        .body("items[0].freeGpus", equalTo(0))
        .body("items[0].limitVersion", equalTo(2));
  }

  @Test
  void borrowsWhatASiblingLeavesIdleUpToItsBorrowLimit() {
    String site = World.site(3, "");
    Tenant group = World.tenant("GROUP", null, "");
    Tenant borrower = World.tenant("SUBSIDIARY", group, "");
    Tenant lender = World.tenant("SUBSIDIARY", group, "");
    World.share(group, 16, 16, null, 1);
    World.share(borrower, 16, 8, 4, 1);
    World.share(lender, 16, 8, 0, 1);
    create(borrower, "own", "b200.8x", site).then().statusCode(202);
    create(borrower, "borrowed", "b200.4x", site).then().statusCode(202);

    create(borrower, "more", "b200.1x", site)
        .then()
        .statusCode(409)
        .body("params.scope", equalTo("TENANT"))
        .body("params.limit", equalTo(12));
    create(lender, "all", "b200.8x", site)
        .then()
        .statusCode(409)
        .body("params.scope", equalTo("GROUP"))
        .body("params.free", equalTo(4));
    create(lender, "half", "b200.4x", site).then().statusCode(202);
    borrower
        .as("viewer")
        .get("/api/v1/tenants/" + borrower.slug() + "/quota-usage?pageSize=1")
        .then()
        .body("items[0].limitGpus", equalTo(16))
        .body("items[0].guaranteedGpus", equalTo(8))
        .body("items[0].borrowLimitGpus", equalTo(4))
        .body("items[0].borrowedGpus", equalTo(4))
        .body("items[0].freeGpus", equalTo(0))
        .body("items[0].limitVersion", equalTo(1));
  }

  @Test
  void aUsedUpBudgetStopsGrowthUntilItsWindowEnds() {
    String site = World.site(2, "");
    Tenant tenant = World.tenantWithQuota(16);
    create(tenant, "before", "b200.4x", site).then().statusCode(202);
    Instant end = Instant.parse("2100-01-01T00:00:00Z");
    World.budget(tenant, true, end, 1);

    create(tenant, "after", "b200.1x", site)
        .then()
        .statusCode(409)
        .body("code", equalTo("QUOTA_EXCEEDED"))
        .body("params.scope", equalTo("TENANT"))
        .body("params.limitGpuHours", equalTo(1000))
        .body("params.usedGpuHours", equalTo(1000.1f))
        .body("params.windowEnd", equalTo(end.toString()))
        .body("detail", containsString("1000 GPU-hours"));
    validate(tenant, "b200.1x", site).then().statusCode(409).body("params.asked", equalTo(1));
    tenant
        .as("viewer")
        .get("/api/v1/tenants/" + tenant.slug() + "/quota-usage?pageSize=1")
        .then()
        .body("items[0].usedGpus", equalTo(4))
        .body("items[0].growthStoppedUntil", equalTo(end.toString()));

    World.budget(tenant, true, Instant.now().minusSeconds(1), 2);
    create(tenant, "next-window", "b200.1x", site).then().statusCode(202);
    World.budget(tenant, true, end, 3);
    World.budget(tenant, false, end, 4);
    create(tenant, "raised", "b200.1x", site).then().statusCode(202);
  }

  @Test
  void whatAnInstanceHoldsCanCountForAnotherProject() {
    String site = World.site(1, "");
    Tenant tenant = World.tenantWithQuota(8);
    Response created = create(tenant, "moves", "b200.4x", site);
    created.then().statusCode(202);
    InstanceId instance = InstanceId.parse(created.path("id"));
    ProjectId narrow = new ProjectId(Ids.next());
    ProjectId wide = new ProjectId(Ids.next());
    World.quota(tenant, narrow.value(), null, MODEL, 3, 1);
    World.quota(tenant, MODEL, 1, 2);

    Optional<Excess> refused = move(instance, tenant, narrow);
    Optional<Excess> done = move(instance, tenant, wide);

    assertThat(refused).contains(new Excess(24, 0, 32, QuotaScope.PROJECT, null));
    assertThat(done).isEmpty();
    assertThat(World.held(tenant)).isEqualTo(32);
    for (String at : List.of("", site)) {
      assertThat(held(wide.value(), at)).isEqualTo(32);
      assertThat(held(tenant.project(), at)).isZero();
    }
  }

  private Optional<Excess> move(InstanceId instance, Tenant tenant, ProjectId project) {
    return transactions
        .systemSql(
            c -> QuotaTransfer.move(c, instance, new TenantId(tenant.id()), project, Instant.now()))
        .await()
        .atMost(Duration.ofSeconds(10));
  }

  private static long held(UUID scope, String site) {
    return count(
        "select coalesce(sum(used_slices), 0) from quota_usage where scope_id = '%s' and site = '%s'"
            .formatted(scope, site));
  }

  /** Limits of every kind change while two subsidiaries take and give back at two sites. */
  @Test
  void noCountPassesItsLimitWhileLimitsChangeInACrowd() throws Exception {
    List<String> sites = List.of(World.site(3, ""), World.site(3, ""));
    Tenant group = World.tenant("GROUP", null, "");
    List<Tenant> tenants =
        List.of(World.tenant("SUBSIDIARY", group, ""), World.tenant("SUBSIDIARY", group, ""));
    tenants.forEach(tenant -> World.quota(tenant, MODEL, 20, 1));
    List<Future<?>> work = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < 8; n++) {
        int seed = n;
        work.add(threads.submit(() -> takeAndGiveBack(tenants.get(seed % 2), sites, seed)));
      }
      work.add(threads.submit(() -> changeLimits(group, tenants, sites, 11)));
    }
    for (Future<?> done : work) {
      done.get();
    }

    eventually(
        () ->
            count(
                    """
                    select count(*) from allocation a join instance i on i.id = a.instance_id
                    where i.state = 'DELETING' and a.state = 'HELD' and a.proof_at is not null""")
                == 0);
    for (UUID scope : List.of(group.id(), tenants.get(0).id(), tenants.get(1).project())) {
      assertThat(
              count(
                  "select used_slices from quota_usage where scope_id = '%s' and site = ''"
                      .formatted(scope)))
          .isEqualTo(
              count(
                  """
                  select coalesce(sum(bit_count(cast(mask as bit(64)))), 0) from allocation
                  where state = 'HELD' and '%s' = any(quota_of)"""
                      .formatted(scope)));
    }
  }

  private static void takeAndGiveBack(Tenant tenant, List<String> sites, int seed) {
    Random random = new Random(seed);
    List<String> held = new ArrayList<>();
    for (int n = 0; n < 20; n++) {
      String type = random.nextBoolean() ? "b200.1x" : "b200.4x";
      String site = sites.get(random.nextInt(sites.size()));
      Response answer = create(tenant, "r%d-%d".formatted(seed, n), type, site);
      if (answer.statusCode() == 202) {
        held.add(answer.path("id"));
      } else {
        assertThat((String) answer.path("code")).isIn("QUOTA_EXCEEDED", "INSUFFICIENT_CAPACITY");
      }
      if (held.size() > 2 || answer.statusCode() != 202 && !held.isEmpty()) {
        giveBack(tenant, held.removeFirst());
      }
    }
  }

  /** As the agent's proof would: the owner finds it and frees the slices. */
  private static void giveBack(Tenant tenant, String instance) {
    tenant.as("operator").delete(tenant.instances() + "/" + instance).then().statusCode(202);
    World.update(
        "update allocation set proof_at = now() where instance_id = '%s'"
            .formatted(instance.substring(4)));
  }

  private static void changeLimits(
      Tenant group, List<Tenant> tenants, List<String> sites, int seed) {
    Random random = new Random(seed);
    for (int version = 2; version < 20; version++) {
      Tenant tenant = tenants.get(random.nextInt(2));
      Integer limit = random.nextInt(5) == 0 ? null : random.nextInt(24);
      switch (random.nextInt(5)) {
        case 0 -> World.quota(group, MODEL, limit, version);
        case 1 -> World.quota(group, null, sites.get(random.nextInt(2)), MODEL, limit, version);
        case 2 -> World.quota(tenant, tenant.project(), null, MODEL, limit, version);
        case 3 ->
            World.quota(
                tenant, tenant.project(), sites.get(random.nextInt(2)), MODEL, limit, version);
        default -> {
          if (random.nextBoolean()) {
            World.quota(tenant, MODEL, limit, version);
          } else {
            World.share(tenant, 20, random.nextInt(10), random.nextInt(10), version);
          }
        }
      }
    }
  }

  private static Response validate(Tenant tenant, String type, String site) {
    String at = site == null ? "" : ",\"site\":\"%s\"".formatted(site);
    return tenant
        .as("operator")
        .contentType("application/json")
        .queryParam("validateOnly", true)
        .body("{\"name\":\"ask\",\"instanceType\":\"%s\"%s}".formatted(type, at))
        .post(tenant.instances());
  }
}
