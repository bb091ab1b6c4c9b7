package dev.gpucloud.inventory.placement;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.forward.Owner;
import dev.gpucloud.inventory.placement.engine.HostSlots;
import dev.gpucloud.inventory.placement.engine.Location;
import dev.gpucloud.inventory.placement.engine.Mark;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Reads a pool from its rows. */
final class PoolRows {
  private PoolRows() {}

  /** All pools with their leases as they are now. */
  static Uni<List<KnownPool>> known(SqlConnection c) {
    return c.query(
            """
            select p.id, p.site_id, p.model_id, p.revision, l.holder, l.expires_at,
              coalesce(l.expires_at < now(), true) as free,
              case when p.owner = l.holder then p.owner_address end as address
            from pool p left join lease l on l.name = 'pool:' || p.id
            order by p.id""")
        .execute()
        .map(
            rows -> {
              List<KnownPool> pools = new ArrayList<>(rows.size());
              rows.forEach(row -> pools.add(known(row)));
              return pools;
            });
  }

  private static KnownPool known(Row row) {
    String holder = row.getString("holder");
    String address = row.getString("address");
    boolean free = row.getBoolean("free");
    return new KnownPool(
        row.getString("id"),
        row.getString("site_id"),
        row.getString("model_id"),
        row.getLong("revision"),
        holder,
        row.getOffsetDateTime("expires_at"),
        free,
        free || holder == null || address == null ? null : new Owner(holder, address));
  }

  /** The hosts that belong to the pool's room: not those that come or have gone. */
  static Uni<List<HostSlots>> hosts(SqlConnection c, String pool) {
    return marks(c, pool).chain(marks -> hosts(c, pool, marks));
  }

  /** What is held and means something to those placed beside it. */
  private static Uni<Map<UUID, List<Mark>>> marks(SqlConnection c, String pool) {
    return c.preparedQuery(
            """
            select host_id, apart, dedicated_to from allocation
            where pool_id = $1 and state <> 'RELEASED'
              and (apart is not null or dedicated_to is not null)""")
        .execute(Tuple.of(pool))
        .map(
            rows -> {
              Map<UUID, List<Mark>> marks = new HashMap<>();
              for (Row row : rows) {
                marks
                    .computeIfAbsent(row.getUUID("host_id"), host -> new ArrayList<>())
                    .add(new Mark(row.getString("apart"), row.getString("dedicated_to")));
              }
              return marks;
            });
  }

  private static Uni<List<HostSlots>> hosts(
      SqlConnection c, String pool, Map<UUID, List<Mark>> marks) {
    return c.preparedQuery(
            """
            select h.id, h.name, h.state in ('EXPECTED', 'DISCOVERED', 'ACCEPTING', 'RETIRED')
                and h.free_mask = h.full_mask as apart,
              h.state = 'ACTIVE' and h.unreachable_since is null as open, h.gpus,
              h.free_mask & ~h.bad_mask as free_mask, h.vcpus, h.memory_gib, h.free_vcpus,
              h.free_memory_gib, h.hall_id, h.fabric_id, h.rack_id,
              greatest(m.nvlink_domain_gpus / h.gpus, 1) as domain_hosts,
              (row_number() over (partition by h.rack_id order by h.name))::int as in_rack
            from host h join gpu_model m on m.id = h.model_id
            where h.pool_id = $1""")
        .execute(Tuple.of(pool))
        .map(
            rows -> {
              List<HostSlots> hosts = new ArrayList<>(rows.size());
              rows.forEach(
                  row -> {
                    if (!row.getBoolean("apart")) {
                      hosts.add(host(row).marked(marks.getOrDefault(row.getUUID("id"), List.of())));
                    }
                  });
              return hosts;
            });
  }

  private static HostSlots host(Row row) {
    return new HostSlots(
        new HostId(row.getUUID("id")),
        row.getString("name"),
        location(row),
        row.getBoolean("open"),
        row.getInteger("gpus"),
        row.getLong("free_mask"),
        row.getInteger("vcpus"),
        row.getInteger("memory_gib"),
        row.getInteger("free_vcpus"),
        row.getInteger("free_memory_gib"));
  }

  /**
   * NVLink joins neighbours of a rack, as many as the model's domain holds; retired hosts keep
   * their place in the count.
   */
  private static Location location(Row row) {
    String rack = row.getString("rack_id");
    int hosts = row.getInteger("domain_hosts");
    int domain = (row.getInteger("in_rack") - 1) / hosts + 1;
    return new Location(
        row.getString("hall_id"),
        row.getString("fabric_id"),
        rack,
        hosts == 1 ? "" : "%s-n%d".formatted(rack, domain));
  }

  /** Allocations with proof of release that are not freed yet, oldest first. */
  static Uni<List<UUID>> proven(SqlConnection c, String pool) {
    return c.preparedQuery(
            """
            select id from allocation
            where pool_id = $1 and state <> 'RELEASED' and proof_at is not null
            order by proof_at, id limit 1000""")
        .execute(Tuple.of(pool))
        .map(
            rows -> {
              List<UUID> ids = new ArrayList<>(rows.size());
              rows.forEach(row -> ids.add(row.getUUID(0)));
              return ids;
            });
  }
}
