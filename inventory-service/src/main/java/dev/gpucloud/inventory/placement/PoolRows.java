package dev.gpucloud.inventory.placement;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.placement.engine.HostSlots;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Reads a pool from its rows. */
final class PoolRows {
  private PoolRows() {}

  static Uni<List<HostSlots>> hosts(SqlConnection c, String pool) {
    return c.preparedQuery(
            """
            select id, name, state, gpus, free_mask, vcpus, memory_gib, free_vcpus, free_memory_gib
            from host where pool_id = $1 and state <> 'RETIRED'""")
        .execute(Tuple.of(pool))
        .map(
            rows -> {
              List<HostSlots> hosts = new ArrayList<>(rows.size());
              rows.forEach(row -> hosts.add(host(row)));
              return hosts;
            });
  }

  private static HostSlots host(Row row) {
    return new HostSlots(
        new HostId(row.getUUID("id")),
        row.getString("name"),
        row.getString("state").equals("ACTIVE"),
        row.getInteger("gpus"),
        row.getLong("free_mask"),
        row.getInteger("vcpus"),
        row.getInteger("memory_gib"),
        row.getInteger("free_vcpus"),
        row.getInteger("free_memory_gib"));
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
