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
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
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
                modelsInUse(s)
                    .chain(
                        inUse ->
                            fullestRacks(s)
                                .map(
                                    racks ->
                                        new FleetRules.Fleet(
                                            models.models(),
                                            sites,
                                            halls,
                                            deliveries,
                                            types,
                                            models.shapes(),
                                            inUse,
                                            racks))));
  }

  private static Uni<Set<String>> modelsInUse(Mutiny.Session s) {
    return Sql.rows(s, "select distinct model_id, model_id as id from host")
        .map(
            used -> {
              Set<String> inUse = new HashSet<>();
              used.forEach(row -> inUse.add((String) row[0]));
              return inUse;
            });
  }

  private static Uni<Map<String, FleetRules.Rack>> fullestRacks(Mutiny.Session s) {
    return Sql.rows(
            s,
            """
            select distinct on (hall_id) hall_id, id, booked_kw from rack
            order by hall_id, booked_kw desc, id""")
        .map(
            rows -> {
              Map<String, FleetRules.Rack> racks = new HashMap<>();
              rows.forEach(
                  r ->
                      racks.put(
                          (String) r[0], new FleetRules.Rack((String) r[1], (BigDecimal) r[2])));
              return racks;
            });
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
          racks_per_fabric, host_power_kw, cast(due as text), cast(declared_due as text), state
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
                LocalDate.parse((String) r[10]),
                (String) r[11]));
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

  /** Writes all but the hosts; answers rows changed by table. */
  Uni<Map<String, Integer>> write(Mutiny.Session s, FleetDocument document, By by) {
    Map<String, Integer> changed = new LinkedHashMap<>();
    return regions(s, document)
        .chain(() -> count(changed, "gpuModels", writeModels(s, document)))
        .chain(() -> count(changed, "sites", writeSites(s, document)))
        .chain(() -> count(changed, "halls", writeHalls(s, document)))
        .chain(() -> count(changed, "instanceTypes", writeTypes(s, document, by)))
        .chain(() -> count(changed, "deliveries", writeDeliveries(s, document, by)))
        .replaceWith(changed);
  }

  /** Who imports, and when by the business clock. */
  record By(String actor, Instant at) {}

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
        .chain(n -> shapes(s, document).map(m -> n + m))
        .chain(n -> burnIns(s, document).map(m -> n + m));
  }

  private Uni<Integer> burnIns(Mutiny.Session s, FleetDocument document) {
    return rows(
        s,
        """
        update gpu_model t set min_gemm_tflops = r."gemmTflops",
          min_memory_gb_per_second = r."memoryGbPerSecond",
          min_nccl_bus_gb_per_second = r."ncclBusGbPerSecond", version = t.version + 1
        from jsonb_to_recordset(cast(?1 as jsonb))
          as r(model text, "gemmTflops" numeric, "memoryGbPerSecond" numeric,
               "ncclBusGbPerSecond" numeric)
        where t.id = r.model
          and (t.min_gemm_tflops, t.min_memory_gb_per_second, t.min_nccl_bus_gb_per_second)
            is distinct from (r."gemmTflops", r."memoryGbPerSecond", r."ncclBusGbPerSecond")""",
        document.burnIns());
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
            document.halls())
        .call(
            () ->
                Sql.update(
                    s,
                    """
                    update rack r set power_kw = h.rack_power_kw from hall h
                    where h.id = r.hall_id and r.power_kw <> h.rack_power_kw"""));
  }

  private Uni<Integer> writeTypes(Mutiny.Session s, FleetDocument document, By by) {
    return rows(
        s,
        """
        with changed as (
          insert into instance_type as t (id, model_id, gpus, mig_profile, vcpus, memory_gib)
          select * from jsonb_to_recordset(cast(?1 as jsonb))
            as r(id text, model text, gpus int, "migProfile" text, vcpus int, "memoryGib" int)
          on conflict (id) do update set vcpus = excluded.vcpus, memory_gib = excluded.memory_gib,
            version = t.version + 1
          where (t.vcpus, t.memory_gib) is distinct from (excluded.vcpus, excluded.memory_gib)
          returning id, version, vcpus, memory_gib)
        insert into instance_type_version (type_id, version, vcpus, memory_gib, actor, at)
        select id, version, vcpus, memory_gib, cast(?2 as text), cast(?3 as timestamptz) from changed""",
        document.types(),
        by.actor(),
        by.at().atOffset(ZoneOffset.UTC));
  }

  private Uni<Integer> writeDeliveries(Mutiny.Session s, FleetDocument document, By by) {
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
                  row.put("declared_due", d.declaredDue().toString());
                  row.put("state", d.state());
                  return row;
                })
            .toList();
    return rows(
        s,
        """
        with changed as (
          insert into delivery as t (id, site_id, hall_id, model_id, hosts, gpus_per_host,
                                     hosts_per_rack, racks_per_fabric, host_power_kw, due, promised,
                                     declared_due, state, delivered_at, note)
          select id, site_id, hall_id, model_id, hosts, gpus_per_host, hosts_per_rack,
            racks_per_fabric, host_power_kw, due, due, declared_due, state,
            case when state in ('DELIVERED', 'ACCEPTED') then cast(?3 as timestamptz) end,
            case when state = 'ACCEPTED' then 'Its hosts were accepted before the import.' end
          from jsonb_to_recordset(cast(?1 as jsonb))
            as r(id text, site_id text, hall_id text, model_id text, hosts int, gpus_per_host int,
                 hosts_per_rack int, racks_per_fabric int, host_power_kw numeric, due date,
                 declared_due date, state text)
          on conflict (id) do update set
            site_id = excluded.site_id, hall_id = excluded.hall_id, model_id = excluded.model_id,
            hosts = excluded.hosts, gpus_per_host = excluded.gpus_per_host,
            hosts_per_rack = excluded.hosts_per_rack, racks_per_fabric = excluded.racks_per_fabric,
            host_power_kw = excluded.host_power_kw, due = excluded.due,
            declared_due = excluded.declared_due, state = excluded.state,
            delivered_at = coalesce(t.delivered_at, excluded.delivered_at),
            note = coalesce(t.note, excluded.note), version = t.version + 1
          where (t.site_id, t.hall_id, t.model_id, t.hosts, t.gpus_per_host, t.hosts_per_rack,
                 t.racks_per_fabric, t.host_power_kw, t.due, t.declared_due, t.state)
            is distinct from (excluded.site_id, excluded.hall_id, excluded.model_id,
                 excluded.hosts, excluded.gpus_per_host, excluded.hosts_per_rack,
                 excluded.racks_per_fabric, excluded.host_power_kw, excluded.due,
                 excluded.declared_due, excluded.state)
          returning id, version, state, due, note)
        insert into delivery_history (delivery_id, version, event, state, due, reason, actor, at)
        select id, version, case version when 1 then 'IMPORTED' else 'CHANGED' end, state, due,
          note, cast(?2 as text), cast(?3 as timestamptz) from changed""",
        deliveries,
        by.actor(),
        by.at().atOffset(ZoneOffset.UTC));
  }

  /** A statement over rows as one JSON parameter, the first; not sent when there are none. */
  Uni<Integer> rows(Mutiny.Session s, String sql, Collection<?> rows, Object... more) {
    if (rows.isEmpty()) {
      return Uni.createFrom().item(0);
    }
    Object[] parameters = new Object[more.length + 1];
    parameters[0] = write(rows);
    System.arraycopy(more, 0, parameters, 1, more.length);
    return Sql.update(
        s, sql.replace("cast(?1 as jsonb)", "cast(cast(?1 as text) as jsonb)"), parameters);
  }

  private String write(Collection<?> rows) {
    try {
      return json.writeValueAsString(rows);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
