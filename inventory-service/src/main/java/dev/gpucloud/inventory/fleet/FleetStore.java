package dev.gpucloud.inventory.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.inventory.fleet.FleetDocument.Delivery;
import dev.gpucloud.inventory.fleet.FleetDocument.Hall;
import dev.gpucloud.inventory.fleet.FleetDocument.HostShape;
import dev.gpucloud.inventory.fleet.FleetDocument.Model;
import dev.gpucloud.inventory.fleet.FleetDocument.Site;
import dev.gpucloud.inventory.fleet.FleetDocument.Type;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Reads the fleet as it is and writes what an import declares: one statement per table, rows as one
 * JSON parameter. A row that is as declared is not touched.
 */
@ApplicationScoped
class FleetStore {
  private final ObjectMapper json;

  FleetStore(ObjectMapper json) {
    this.json = json;
  }

  /** One import at a time, so that the rules are checked against what will be there. */
  Uni<Void> lock(Mutiny.Session s) {
    return Sql.rows(
            s, "select 1, cast(pg_advisory_xact_lock(hashtextextended('fleet-import', 0)) as text)")
        .replaceWithVoid();
  }

  Uni<FleetRules.Fleet> load(Mutiny.Session s) {
    return models(s)
        .chain(
            models ->
                sites(s)
                    .chain(
                        sites ->
                            halls(s)
                                .chain(
                                    halls ->
                                        deliveries(s)
                                            .chain(
                                                deliveries ->
                                                    rest(s, models, sites, halls, deliveries)))));
  }

  private record ModelRows(List<Model> models, List<HostShape> shapes) {}

  private Uni<FleetRules.Fleet> rest(
      Mutiny.Session s,
      ModelRows models,
      List<Site> sites,
      List<Hall> halls,
      List<Delivery> deliveries) {
    return types(s)
        .chain(
            types ->
                Sql.rows(s, "select distinct model_id, model_id as id from host")
                    .map(
                        used -> {
                          Set<String> inUse = new HashSet<>();
                          used.forEach(row -> inUse.add((String) row[0]));
                          return new FleetRules.Fleet(
                              models.models(),
                              sites,
                              halls,
                              deliveries,
                              types,
                              models.shapes(),
                              inUse);
                        }));
  }

  private static <T> Uni<List<T>> list(Mutiny.Session s, String sql, Function<Object[], T> read) {
    return Sql.rows(s, sql).map(rows -> rows.stream().map(read).toList());
  }

  private static int number(Object value) {
    return ((Number) value).intValue();
  }

  private static Uni<ModelRows> models(Mutiny.Session s) {
    return Sql.rows(
            s,
            """
            select id, vendor, name, memory_gib, board_power_w, memory_slices, mig_profiles,
              nvlink_domain_gpus, host_vcpus, host_memory_gib
            from gpu_model order by id""")
        .map(
            rows ->
                new ModelRows(
                    rows.stream().map(FleetStore::model).toList(),
                    rows.stream()
                        .filter(r -> r[8] != null)
                        .map(r -> new HostShape("", (String) r[0], number(r[8]), number(r[9])))
                        .toList()));
  }

  private static Model model(Object[] r) {
    String profiles = (String) r[6];
    return new Model(
        "",
        (String) r[0],
        (String) r[1],
        (String) r[2],
        number(r[3]),
        number(r[4]),
        number(r[5]),
        profiles.isEmpty() ? List.of() : List.of(profiles.split(",")),
        number(r[7]));
  }

  private static Uni<List<Site>> sites(Mutiny.Session s) {
    return list(
        s,
        "select id, region_id, country, csap_zone, it_power_kw, dedicated_to from site order by id",
        r ->
            new Site(
                "",
                (String) r[0],
                (String) r[1],
                (String) r[2],
                (String) r[3],
                (BigDecimal) r[4],
                (String) r[5]));
  }

  private static Uni<List<Hall>> halls(Mutiny.Session s) {
    return list(
        s,
        "select id, site_id, power_kw, cooling_kw, rack_power_kw from hall order by id",
        r ->
            new Hall(
                "",
                (String) r[0],
                (String) r[1],
                (BigDecimal) r[2],
                (BigDecimal) r[3],
                (BigDecimal) r[4]));
  }

  private static Uni<List<Delivery>> deliveries(Mutiny.Session s) {
    return list(
        s,
        """
        select id, site_id, hall_id, model_id, hosts, gpus_per_host, hosts_per_rack,
          racks_per_fabric, host_power_kw, cast(due as text), state
        from delivery order by id""",
        r ->
            new Delivery(
                "",
                (String) r[0],
                (String) r[1],
                (String) r[2],
                (String) r[3],
                number(r[4]),
                number(r[5]),
                number(r[6]),
                number(r[7]),
                (BigDecimal) r[8],
                LocalDate.parse((String) r[9]),
                (String) r[10]));
  }

  private static Uni<List<Type>> types(Mutiny.Session s) {
    return list(
        s,
        "select id, model_id, gpus, mig_profile, vcpus, memory_gib from instance_type order by id",
        r ->
            new Type(
                "",
                (String) r[0],
                (String) r[1],
                number(r[2]),
                (String) r[3],
                number(r[4]),
                number(r[5])));
  }

  /** Writes everything; answers rows changed by table. */
  Uni<Map<String, Integer>> write(Mutiny.Session s, FleetDocument document, HostPlan plan) {
    Map<String, Integer> changed = new LinkedHashMap<>();
    return regions(s, document)
        .chain(() -> count(changed, "gpuModels", writeModels(s, document)))
        .chain(() -> count(changed, "sites", writeSites(s, document)))
        .chain(() -> count(changed, "halls", writeHalls(s, document)))
        .chain(() -> count(changed, "instanceTypes", writeTypes(s, document)))
        .chain(() -> count(changed, "deliveries", writeDeliveries(s, document)))
        .chain(() -> count(changed, "pools", pools(s)))
        .chain(() -> count(changed, "fabrics", fabrics(s, plan)))
        .chain(() -> count(changed, "racks", racks(s, plan)))
        .chain(() -> count(changed, "hosts", hosts(s, plan)))
        .replaceWith(changed);
  }

  private static Uni<Integer> count(Map<String, Integer> changed, String table, Uni<Integer> work) {
    return work.invoke(n -> changed.put(table, n));
  }

  private Uni<Integer> regions(Mutiny.Session s, FleetDocument document) {
    return rows(
        s,
        """
        insert into region (id) select distinct region
        from jsonb_to_recordset(cast(?1 as jsonb)) as r(region text)
        on conflict do nothing""",
        document.sites());
  }

  private Uni<Integer> writeModels(Mutiny.Session s, FleetDocument document) {
    List<Map<String, Object>> models =
        document.models().stream()
            .map(
                m ->
                    Map.<String, Object>of(
                        "id", m.id(),
                        "vendor", m.vendor(),
                        "name", m.name(),
                        "memory_gib", m.memoryGib(),
                        "board_power_w", m.boardPowerW(),
                        "memory_slices", m.memorySlices(),
                        "mig_profiles", String.join(",", m.migProfiles()),
                        "nvlink_domain_gpus", m.nvlinkDomainGpus()))
            .toList();
    return rows(
            s,
            """
            insert into gpu_model as t (id, vendor, name, memory_gib, board_power_w, memory_slices,
                                        mig_profiles, nvlink_domain_gpus)
            select * from jsonb_to_recordset(cast(?1 as jsonb))
              as r(id text, vendor text, name text, memory_gib int, board_power_w int,
                   memory_slices int, mig_profiles text, nvlink_domain_gpus int)
            on conflict (id) do update set
              vendor = excluded.vendor, name = excluded.name, memory_gib = excluded.memory_gib,
              board_power_w = excluded.board_power_w, memory_slices = excluded.memory_slices,
              mig_profiles = excluded.mig_profiles,
              nvlink_domain_gpus = excluded.nvlink_domain_gpus, version = t.version + 1
            where (t.vendor, t.name, t.memory_gib, t.board_power_w, t.memory_slices, t.mig_profiles,
                   t.nvlink_domain_gpus)
              is distinct from (excluded.vendor, excluded.name, excluded.memory_gib,
                   excluded.board_power_w, excluded.memory_slices, excluded.mig_profiles,
                   excluded.nvlink_domain_gpus)""",
            models)
        .chain(n -> shapes(s, document).map(m -> n + m));
  }

  private Uni<Integer> shapes(Mutiny.Session s, FleetDocument document) {
    return rows(
        s,
        """
        update gpu_model t set host_vcpus = r.vcpus, host_memory_gib = r."memoryGib",
          version = t.version + 1
        from jsonb_to_recordset(cast(?1 as jsonb)) as r(model text, vcpus int, "memoryGib" int)
        where t.id = r.model
          and (t.host_vcpus, t.host_memory_gib) is distinct from (r.vcpus, r."memoryGib")""",
        document.hostShapes());
  }

  private Uni<Integer> writeSites(Mutiny.Session s, FleetDocument document) {
    return rows(
        s,
        """
        insert into site as t (id, region_id, country, csap_zone, it_power_kw, dedicated_to)
        select * from jsonb_to_recordset(cast(?1 as jsonb))
          as r(id text, region text, country text, "csapZone" text, "itPowerKw" numeric,
               "dedicatedTo" text)
        on conflict (id) do update set
          region_id = excluded.region_id, country = excluded.country,
          csap_zone = excluded.csap_zone, it_power_kw = excluded.it_power_kw,
          dedicated_to = excluded.dedicated_to, version = t.version + 1
        where (t.region_id, t.country, t.csap_zone, t.it_power_kw, t.dedicated_to)
          is distinct from (excluded.region_id, excluded.country, excluded.csap_zone,
               excluded.it_power_kw, excluded.dedicated_to)""",
        document.sites());
  }

  private Uni<Integer> writeHalls(Mutiny.Session s, FleetDocument document) {
    return rows(
        s,
        """
        insert into hall as t (id, site_id, power_kw, cooling_kw, rack_power_kw)
        select * from jsonb_to_recordset(cast(?1 as jsonb))
          as r(id text, site text, "powerKw" numeric, "coolingKw" numeric, "rackPowerKw" numeric)
        on conflict (id) do update set
          power_kw = excluded.power_kw, cooling_kw = excluded.cooling_kw,
          rack_power_kw = excluded.rack_power_kw, version = t.version + 1
        where (t.power_kw, t.cooling_kw, t.rack_power_kw)
          is distinct from (excluded.power_kw, excluded.cooling_kw, excluded.rack_power_kw)""",
        document.halls());
  }

  private Uni<Integer> writeTypes(Mutiny.Session s, FleetDocument document) {
    return rows(
        s,
        """
        insert into instance_type (id, model_id, gpus, mig_profile, vcpus, memory_gib)
        select * from jsonb_to_recordset(cast(?1 as jsonb))
          as r(id text, model text, gpus int, "migProfile" text, vcpus int, "memoryGib" int)
        on conflict do nothing""",
        document.types());
  }

  private Uni<Integer> writeDeliveries(Mutiny.Session s, FleetDocument document) {
    List<Map<String, Object>> deliveries =
        document.deliveries().stream()
            .map(
                d -> {
                  Map<String, Object> row = new LinkedHashMap<>();
                  row.put("id", d.id());
                  row.put("site_id", d.site());
                  row.put("hall_id", d.hall());
                  row.put("model_id", d.model());
                  row.put("hosts", d.hosts());
                  row.put("gpus_per_host", d.gpusPerHost());
                  row.put("hosts_per_rack", d.hostsPerRack());
                  row.put("racks_per_fabric", d.racksPerFabric());
                  row.put("host_power_kw", d.hostPowerKw());
                  row.put("due", d.due().toString());
                  row.put("state", d.state());
                  return row;
                })
            .toList();
    return rows(
        s,
        """
        insert into delivery as t (id, site_id, hall_id, model_id, hosts, gpus_per_host,
                                   hosts_per_rack, racks_per_fabric, host_power_kw, due, state)
        select * from jsonb_to_recordset(cast(?1 as jsonb))
          as r(id text, site_id text, hall_id text, model_id text, hosts int, gpus_per_host int,
               hosts_per_rack int, racks_per_fabric int, host_power_kw numeric, due date,
               state text)
        on conflict (id) do update set
          site_id = excluded.site_id, hall_id = excluded.hall_id, model_id = excluded.model_id,
          hosts = excluded.hosts, gpus_per_host = excluded.gpus_per_host,
          hosts_per_rack = excluded.hosts_per_rack, racks_per_fabric = excluded.racks_per_fabric,
          host_power_kw = excluded.host_power_kw, due = excluded.due, state = excluded.state,
          version = t.version + 1
        where (t.site_id, t.hall_id, t.model_id, t.hosts, t.gpus_per_host, t.hosts_per_rack,
               t.racks_per_fabric, t.host_power_kw, t.due, t.state)
          is distinct from (excluded.site_id, excluded.hall_id, excluded.model_id, excluded.hosts,
               excluded.gpus_per_host, excluded.hosts_per_rack, excluded.racks_per_fabric,
               excluded.host_power_kw, excluded.due, excluded.state)""",
        deliveries);
  }

  private static Uni<Integer> pools(Mutiny.Session s) {
    return Sql.update(
        s,
        """
        insert into pool (id, site_id, model_id)
        select distinct site_id || '/' || model_id, site_id, model_id from delivery
        where state = 'ACCEPTED'
        on conflict do nothing""");
  }

  private Uni<Integer> fabrics(Mutiny.Session s, HostPlan plan) {
    return rows(
        s,
        """
        insert into fabric (id, hall_id, delivery_id)
        select * from jsonb_to_recordset(cast(?1 as jsonb))
          as r(id text, hall_id text, delivery_id text)
        on conflict do nothing""",
        plan.fabrics.values());
  }

  private Uni<Integer> racks(Mutiny.Session s, HostPlan plan) {
    return rows(
        s,
        """
        insert into rack (id, hall_id, fabric_id, power_kw)
        select * from jsonb_to_recordset(cast(?1 as jsonb))
          as r(id text, hall_id text, fabric_id text, power_kw numeric)
        on conflict do nothing""",
        plan.racks.values());
  }

  private Uni<Integer> hosts(Mutiny.Session s, HostPlan plan) {
    return rows(
        s,
        """
        insert into host (id, pool_id, site_id, model_id, hall_id, fabric_id, rack_id, delivery_id,
                          name, serial, gpus, state, full_mask, free_mask, vcpus, memory_gib,
                          free_vcpus, free_memory_gib)
        select id, pool_id, site_id, model_id, hall_id, fabric_id, rack_id, delivery_id, name,
          serial, gpus, 'ACTIVE', full_mask, full_mask, vcpus, memory_gib, vcpus, memory_gib
        from jsonb_to_recordset(cast(?1 as jsonb))
          as r(id uuid, pool_id text, site_id text, model_id text, hall_id text, fabric_id text,
               rack_id text, delivery_id text, name text, serial text, gpus int, full_mask bigint,
               vcpus int, memory_gib int)
        on conflict (name) do nothing""",
        plan.hosts);
  }

  private Uni<Integer> rows(Mutiny.Session s, String sql, Collection<?> rows) {
    if (rows.isEmpty()) {
      return Uni.createFrom().item(0);
    }
    return Sql.update(
        s, sql.replace("cast(?1 as jsonb)", "cast(cast(?1 as text) as jsonb)"), write(rows));
  }

  private String write(Collection<?> rows) {
    try {
      return json.writeValueAsString(rows);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
