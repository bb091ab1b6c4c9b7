package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.instance.BulkInsert;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.inventory.placement.Placing.Extended;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** The allocations of a batch, as rows: read, taken, left and ended. */
final class AllocationRows {
  private AllocationRows() {}

  /**
   * Gives back those that are proven and not given back yet, after their instances are locked, and
   * answers what they were. Found by their ids: the planner does not see that the conditions are
   * those of an index, or it would read all that is proven of every pool.
   */
  static Uni<List<Freeing>> end(SqlConnection c, Collection<UUID> allocations) {
    if (allocations.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return c.preparedQuery(
            """
            update allocation a set state = 'RELEASED', held_until = clock_timestamp()
            where id = any($1) and coalesce(state, '') <> 'RELEASED' and proof_at is not null
            returning id, tenant_id, instance_id, run_id, pool_id, old.state as state, quota_of,
              host_id, mask, vcpus, memory_gib, proof_at, keep_mask, keep_vcpus, keep_memory_gib,
              apart, dedicated_to,
              exists (select 1 from host h
                      where h.id = host_id and (h.bad_mask & mask) <> 0) as out_of_service""")
        .execute(Tuple.tuple().addArrayOfUUID(allocations.toArray(UUID[]::new)))
        .map(
            rows -> {
              List<Freeing> found = new ArrayList<>();
              rows.forEach(row -> found.add(Freeing.of(row)));
              return found;
            });
  }

  /** What runs hold, by run. */
  static Uni<Map<UUID, Extended>> held(SqlConnection c, Collection<UUID> runs) {
    if (runs.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    return c.preparedQuery(
            """
            select a.id, a.run_id, a.quota_of, a.host_id, a.mask, a.vcpus, a.memory_gib, a.proof_at,
              a.apart, a.dedicated_to, p.model_id, p.site_id
            from allocation a join pool p on p.id = a.pool_id
            where a.run_id = any($1) and a.state = 'HELD'""")
        .execute(Tuple.tuple().addArrayOfUUID(runs.toArray(UUID[]::new)))
        .map(
            rows -> {
              Map<UUID, Extended> found = new HashMap<>();
              rows.forEach(row -> found.put(row.getUUID("run_id"), KeptPart.extended(row)));
              return found;
            });
  }

  static Uni<Void> insert(SqlConnection c, List<Placing> placings, Moment now) {
    return BulkInsert.<Placing>into("allocation")
        .uuid("id", p -> p.allocation)
        .uuid("tenant_id", p -> p.gang.task().tenantId())
        .uuid("instance_id", p -> p.instance().id().value())
        .uuid("run_id", p -> p.run.value())
        .text("pool_id", p -> p.instance().poolId())
        .uuid("host_id", p -> p.slot.host().value())
        .number("mask", p -> p.held().mask())
        .integer("vcpus", p -> p.held().vcpus())
        .integer("memory_gib", p -> p.held().memoryGib())
        .number("epoch", p -> now.epoch())
        .text("apart", p -> p.held().mark() == null ? null : p.held().mark().group())
        .text("dedicated_to", p -> p.held().mark() == null ? null : p.held().mark().dedicatedTo())
        .textAs("quota_of", "%s::uuid[]", p -> literal(p.gang.quotaOf()))
        .text("state", p -> "HELD")
        .execute(c, placings)
        .replaceWithVoid();
  }

  private static String literal(List<UUID> ids) {
    return "{" + String.join(",", ids.stream().map(UUID::toString).toList()) + "}";
  }

  /** Not given back: only no longer counted for their instances. */
  static Uni<Void> leave(SqlConnection c, List<Placing> leaving, Moment now) {
    if (leaving.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    UUID[] ids = new UUID[leaving.size()];
    Long[] sequences = new Long[leaving.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Objects.requireNonNull(leaving.get(i).leaving).allocation();
      sequences[i] = leaving.get(i).releaseSequence;
    }
    return c.preparedQuery(
            """
            update allocation a set state = 'LEAVING', release_sequence = u.sequence,
              left_at = $3, order_sent_at = $3
            from unnest($1::uuid[], $2::bigint[]) u(id, sequence)
            where a.id = u.id and a.state = 'HELD'""")
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(ids)
                .addArrayOfLong(sequences)
                .addOffsetDateTime(now.system().atOffset(ZoneOffset.UTC)))
        .invoke(rows -> GuardMismatchException.expect(ids.length, rows.rowCount(), "allocation"))
        .replaceWithVoid();
  }

  /** Those whose place a larger one takes. */
  static Uni<Void> replace(SqlConnection c, List<UUID> ending) {
    if (ending.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    UUID[] ids = ending.toArray(UUID[]::new);
    return c.preparedQuery(
            """
            update allocation set state = 'RELEASED', held_until = clock_timestamp()
            where id = any($1) and state <> 'RELEASED'""")
        .execute(Tuple.tuple().addArrayOfUUID(ids))
        .invoke(rows -> GuardMismatchException.expect(ids.length, rows.rowCount(), "allocation"))
        .replaceWithVoid();
  }
}
