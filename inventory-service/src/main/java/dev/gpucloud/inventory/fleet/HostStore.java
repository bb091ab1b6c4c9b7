package dev.gpucloud.inventory.fleet;

import dev.gpucloud.inventory.fleet.FleetDocument.Host;
import dev.gpucloud.inventory.fleet.HostRules.Known;
import dev.gpucloud.inventory.fleet.HostRules.Standing;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads and writes hosts: those that a vendor announced, and those that a delivery brings. */
@ApplicationScoped
class HostStore {
  private final FleetStore rows;
  private final InstantSource business;

  HostStore(FleetStore rows, @Business InstantSource business) {
    this.rows = rows;
    this.business = business;
  }

  /** What the rules of these announcements must know. */
  Uni<Known> known(Mutiny.Session s, List<Host> declared) {
    return announced(s)
        .chain(
            announced ->
                standing(s, declared)
                    .chain(
                        standing ->
                            racks(s)
                                .chain(
                                    racks ->
                                        here(s)
                                            .map(
                                                here ->
                                                    new Known(announced, standing, racks, here)))));
  }

  private static Uni<Map<String, List<Host>>> announced(Mutiny.Session s) {
    return Sql.rows(
            s,
            """
            select delivery_id, serial, name, rack_id, fabric_id from expected_host
            order by delivery_id, position""")
        .map(
            rows ->
                rows.stream()
                    .map(HostStore::host)
                    .collect(Collectors.groupingBy(Host::delivery, Collectors.toList())));
  }

  private static Host host(Object[] r) {
    return new Host("", (String) r[0], (String) r[1], (String) r[2], (String) r[3], (String) r[4]);
  }

  private static Uni<List<Standing>> standing(Mutiny.Session s, List<Host> declared) {
    if (declared.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    String words =
        declared.stream()
            .flatMap(
                host ->
                    host.name() == null
                        ? java.util.stream.Stream.of(host.serial())
                        : java.util.stream.Stream.of(host.serial(), host.name()))
            .collect(Collectors.joining(","));
    return Sql.rows(
            s,
            """
            select serial, name, delivery_id from host
            where serial = any(string_to_array(?1, ',')) or name = any(string_to_array(?1, ','))""",
            words)
        .map(
            rows ->
                rows.stream()
                    .map(r -> new Standing((String) r[0], (String) r[1], (String) r[2]))
                    .toList());
  }

  private static Uni<Map<String, String>> racks(Mutiny.Session s) {
    return Sql.rows(s, "select r.id, f.delivery_id from rack r join fabric f on f.id = r.fabric_id")
        .map(
            rows -> {
              Map<String, String> racks = new HashMap<>();
              rows.forEach(r -> racks.put((String) r[0], (String) r[1]));
              return racks;
            });
  }

  private static Uni<List<String>> here(Mutiny.Session s) {
    return Sql.rows(s, "select id, state from delivery where state in ('DELIVERED', 'ACCEPTED')")
        .map(rows -> rows.stream().map(r -> (String) r[0]).toList());
  }

  /** Keeps the announcements; a delivery's list replaces the one before. */
  Uni<Integer> announce(Mutiny.Session s, List<Host> declared) {
    Map<String, Integer> positions = new HashMap<>();
    List<Map<String, Object>> announced = new ArrayList<>();
    for (Host host : declared) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("serial", host.serial());
      row.put("delivery_id", host.delivery());
      row.put("position", positions.merge(host.delivery(), 1, Integer::sum) - 1);
      row.put("name", host.name());
      row.put("rack_id", host.rack());
      row.put("fabric_id", host.fabric());
      announced.add(row);
    }
    return rows.rows(
            s,
            """
            delete from expected_host e
            using (select distinct delivery_id from jsonb_to_recordset(cast(?1 as jsonb))
                     as r(delivery_id text)) d
            where e.delivery_id = d.delivery_id
              and not exists
                (select 1 from jsonb_to_recordset(cast(?1 as jsonb)) as r(serial text,
                   delivery_id text, position int, name text, rack_id text, fabric_id text)
                 where (r.serial, r.delivery_id, r.position, r.name, r.rack_id, r.fabric_id)
                   is not distinct from
                   (e.serial, e.delivery_id, e.position, e.name, e.rack_id, e.fabric_id))""",
            announced)
        .chain(
            () ->
                rows.rows(
                    s,
                    """
                    insert into expected_host (serial, delivery_id, position, name, rack_id,
                                               fabric_id)
                    select * from jsonb_to_recordset(cast(?1 as jsonb)) as r(serial text,
                      delivery_id text, position int, name text, rack_id text, fabric_id text)
                    on conflict do nothing""",
                    announced));
  }

  /** Writes the hosts of a plan with their pools, fabrics and racks; answers rows by table. */
  Uni<Map<String, Integer>> write(Mutiny.Session s, HostPlan plan) {
    Map<String, Integer> changed = new LinkedHashMap<>();
    return pools(s)
        .invoke(n -> changed.put("pools", n))
        .chain(() -> fabrics(s, plan))
        .invoke(n -> changed.put("fabrics", n))
        .chain(() -> racks(s, plan))
        .invoke(n -> changed.put("racks", n))
        .chain(() -> hosts(s, plan))
        .invoke(n -> changed.put("hosts", n))
        .call(() -> intake(s))
        .replaceWith(changed);
  }

  private static Uni<Integer> pools(Mutiny.Session s) {
    return Sql.update(
        s,
        """
        insert into pool (id, site_id, model_id)
        select distinct site_id || '/' || model_id, site_id, model_id from delivery
        where state in ('DELIVERED', 'ACCEPTED')
        on conflict do nothing""");
  }

  private Uni<Integer> fabrics(Mutiny.Session s, HostPlan plan) {
    return rows.rows(
        s,
        """
        insert into fabric (id, hall_id, delivery_id)
        select * from jsonb_to_recordset(cast(?1 as jsonb))
          as r(id text, hall_id text, delivery_id text)
        on conflict do nothing""",
        plan.fabrics.values());
  }

  private Uni<Integer> racks(Mutiny.Session s, HostPlan plan) {
    return rows.rows(
        s,
        """
        insert into rack (id, hall_id, fabric_id, power_kw)
        select r.id, r.hall_id, r.fabric_id, h.rack_power_kw
        from jsonb_to_recordset(cast(?1 as jsonb)) as r(id text, hall_id text, fabric_id text)
        join hall h on h.id = r.hall_id
        on conflict do nothing""",
        plan.racks.values());
  }

  private Uni<Integer> hosts(Mutiny.Session s, HostPlan plan) {
    return rows.rows(
        s,
        """
        insert into host (id, pool_id, site_id, model_id, hall_id, fabric_id, rack_id, delivery_id,
                          name, serial, gpus, state, full_mask, free_mask, vcpus, memory_gib,
                          free_vcpus, free_memory_gib, power_kw, accepted_at, accepted_by)
        select id, pool_id, site_id, model_id, hall_id, fabric_id, rack_id, delivery_id, name,
          serial, gpus, state, full_mask, full_mask, vcpus, memory_gib, vcpus, memory_gib, power_kw,
          case state when 'ACTIVE' then cast(?2 as timestamptz) end,
          case state when 'ACTIVE' then 'IMPORT' end
        from jsonb_to_recordset(cast(?1 as jsonb))
          as r(id uuid, pool_id text, site_id text, model_id text, hall_id text, fabric_id text,
               rack_id text, delivery_id text, name text, serial text, gpus int, state text,
               full_mask bigint, vcpus int, memory_gib int, power_kw numeric)""",
        plan.hosts,
        business.instant().atOffset(ZoneOffset.UTC));
  }

  /** Asks for a look at every host that has just become expected. */
  private static Uni<Integer> intake(Mutiny.Session s) {
    return Sql.update(
        s,
        """
        insert into host_intake (host_id, site_id, desired)
        select h.id, h.site_id, 'SEEN' from host h
        where h.state = 'EXPECTED'
          and not exists (select 1 from host_intake i where i.host_id = h.id)""");
  }
}
