package dev.gpucloud.inventory.placement;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.placement.engine.Slot;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** What a batch takes from one host and gives back to it. */
final class HostDelta {
  /**
   * The database's own guard: what is taken must be free, what is given back must be taken. Locked
   * in their order first, so that two batches never wait for each other.
   */
  private static final String GUARDED_UPDATE =
      """
      with locked as materialized (
        select id from host where id = any($1) order by id for no key update)
      update host h set
        free_mask = (h.free_mask & ~u.taken) | u.given,
        free_vcpus = h.free_vcpus + u.vcpus,
        free_memory_gib = h.free_memory_gib + u.memory_gib,
        version = h.version + 1
      from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::int[], $5::int[])
        u(id, taken, given, vcpus, memory_gib)
      where h.id = u.id and h.id in (select id from locked)
        and (h.free_mask & u.taken) = u.taken
        and (h.free_mask & u.given) = 0
        and (u.taken = 0 or h.state = 'ACTIVE' and h.unreachable_since is null
          and (h.bad_mask & u.taken) = 0)
        and h.free_vcpus + u.vcpus between 0 and h.vcpus
        and h.free_memory_gib + u.memory_gib between 0 and h.memory_gib""";

  private final HostId host;
  private long taken;
  private long given;
  private int vcpus;
  private int memoryGib;

  HostDelta(HostId host) {
    this.host = host;
  }

  void take(Slot slot) {
    taken |= slot.mask();
    vcpus -= slot.vcpus();
    memoryGib -= slot.memoryGib();
  }

  void give(Slot slot) {
    given |= slot.mask();
    vcpus += slot.vcpus();
    memoryGib += slot.memoryGib();
  }

  /** Answers how many hosts passed the guard: all of them, or the batch is void. */
  static Uni<Integer> apply(SqlConnection c, List<HostDelta> deltas) {
    if (deltas.isEmpty()) {
      return Uni.createFrom().item(0);
    }
    return c.preparedQuery(GUARDED_UPDATE)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(array(deltas, d -> d.host.value(), new UUID[0]))
                .addArrayOfLong(array(deltas, d -> d.taken, new Long[0]))
                .addArrayOfLong(array(deltas, d -> d.given, new Long[0]))
                .addArrayOfInteger(array(deltas, d -> d.vcpus, new Integer[0]))
                .addArrayOfInteger(array(deltas, d -> d.memoryGib, new Integer[0])))
        .map(RowSet::rowCount);
  }

  private static <V> V[] array(List<HostDelta> deltas, Function<HostDelta, V> value, V[] empty) {
    return deltas.stream().map(value).toList().toArray(empty);
  }
}
