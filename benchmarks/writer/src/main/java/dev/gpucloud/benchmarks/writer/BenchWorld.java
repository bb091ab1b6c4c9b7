package dev.gpucloud.benchmarks.writer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.ProjectFact;
import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.access.ProjectRef;
import dev.gpucloud.kit.access.TenantRef;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fleet and the tenants of a measurement, as imports and events would have brought them. */
final class BenchWorld {
  static final int GPUS_PER_HOST = 8;

  /** Sites of the scenario, because their topics are there; each has one model. */
  private static final List<Pool> ALL =
      List.of(
          new Pool("kr-ulsan-1", "b200"),
          new Pool("kr-cheongju-1", "h200"),
          new Pool("kr-pangyo-1", "h100"),
          new Pool("kr-seoul-gasan", "a100"));

  private static final int TENANTS = 8;

  private final List<Customer> customers = new ArrayList<>();
  private final ObjectMapper json;
  private final List<Pool> pools;

  private BenchWorld(ObjectMapper json, int pools) {
    this.json = json;
    this.pools = ALL.subList(0, pools);
  }

  /** Hosts of one model at one site, decided for by one writer. */
  record Pool(String site, String model) {
    String id() {
      return site + "/" + model;
    }

    String type(int gpus) {
      return model + "." + gpus + "x";
    }
  }

  /** A tenant with its project. */
  record Customer(TenantRef tenant, ProjectRef project) {}

  /** A group with eight tenants, so that every allocation counts at two tenants' quotas. */
  static BenchWorld tenants(BenchDatabase database, ObjectMapper json, int pools)
      throws SQLException {
    BenchWorld world = new BenchWorld(json, pools);
    TenantFact group = fact("bench-group", "GROUP", null);
    world.insert(database, group);
    for (int n = 0; n < TENANTS; n++) {
      TenantFact tenant = fact("bench-" + n, "SUBSIDIARY", group.tenantId());
      world.insert(database, tenant);
      for (Pool pool : world.pools) {
        database.execute(
            "insert into quota_usage (tenant_id, model_id, limit_gpus, limit_version)"
                + " values ('%s', '%s', 1000000, 1)"
                    .formatted(tenant.tenantId().value(), pool.model()));
      }
      world.customers.add(new Customer(new TenantRef(tenant), new ProjectRef(project(tenant))));
    }
    return world;
  }

  Customer customer(int n) {
    return customers.get(Math.floorMod(n, TENANTS));
  }

  Pool pool(int n) {
    return pools.get(Math.floorMod(n, pools.size()));
  }

  int pools() {
    return pools.size();
  }

  private static TenantFact fact(String slug, String kind, @Nullable TenantId parent) {
    return new TenantFact(
        new TenantId(Ids.next()), slug, slug, kind, parent, null, "ACTIVE", null, null, null, null);
  }

  private static ProjectFact project(TenantFact tenant) {
    return new ProjectFact(
        new ProjectId(Ids.next()), tenant.tenantId(), "main", "Main", "ACTIVE", "CC-4711");
  }

  private void insert(BenchDatabase database, TenantFact fact) throws SQLException {
    TenantId parent = fact.parentId();
    database.execute(
        "insert into tenant_ref (tenant_id, slug, parent_id, state, fact) values ('%s', '%s', %s, 'ACTIVE', '%s')"
            .formatted(
                fact.tenantId().value(),
                fact.slug(),
                parent == null ? "null" : "'" + parent.value() + "'",
                write(fact)));
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Each pool with its part of the hosts of eight GPUs, in racks of 4 and fabrics of 256. */
  String fleet(int hosts) {
    return """
    {"gpuModels":[%s],"sites":[%s],"deliveries":[%s],"instanceTypes":[%s],"hostShape":{%s}}"""
        .formatted(
            each(
                """
                {"id":"%2$s","vendor":"NVIDIA","name":"%2$s","memoryGib":180,"boardPowerW":1000,
                 "nvlinkDomainGpus":8,"migProfiles":["1g.23gb","2g.45gb","3g.90gb","7g.180gb"]}"""),
            each(
                """
                {"id":"%1$s","region":"kr-bench","country":"KR","itPowerMw":1000,"csapZone":"low",
                 "halls":[{"id":"%1$s-h1","powerKw":900000,"coolingKw":900000,"rackPowerKw":60}]}"""),
            each(
                """
                {"id":"dlv-%1$s","site":"%1$s","hall":"%1$s-h1","model":"%2$s","hosts":HOSTS,
                 "gpusPerHost":8,"hostsPerRack":4,"racksPerFabric":64,"due":"2026-01-01",
                 "state":"ACCEPTED","hostPowerKw":14.3}"""
                    .replace("HOSTS", Integer.toString(hosts / pools.size()))),
            each(
                """
                {"id":"%2$s.1x","model":"%2$s","gpus":1,"vcpus":28,"memoryGib":224},
                {"id":"%2$s.8x","model":"%2$s","gpus":8,"vcpus":224,"memoryGib":1792}"""),
            each(
                """
                "%2$s":{"vcpus":224,"memoryGib":1792}"""));
  }

  private String each(String template) {
    return pools.stream()
        .map(pool -> template.formatted(pool.site(), pool.model()))
        .collect(Collectors.joining(","));
  }
}
