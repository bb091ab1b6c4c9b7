package dev.gpucloud.benchmarks.writer;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * What others do between two runs: tenants delete instances and agents prove the release, so that
 * the rows are as the service's own steps leave them when nothing but the owner's part is left; and
 * the replica that publishes events clears the outbox.
 */
final class Proofs {
  private static final String ANOTHER_PUBLISHES =
      """
      insert into lease (name, holder, epoch, expires_at)
      values ('outbox-relay', 'another-replica', 1, now() + interval '1 day')
      on conflict (name) do update
        set holder = excluded.holder, epoch = lease.epoch + 1, expires_at = excluded.expires_at""";

  private Proofs() {}

  /** An allocation that its owner can free now. */
  record Due(String pool, UUID allocation) {}

  /** From now on events are published by somebody else, whose CPU is not part of the figure. */
  static void publishElsewhere(BenchDatabase database) throws SQLException {
    database.execute(ANOTHER_PUBLISHES);
  }

  /** The oldest allocations of single GPUs, now free to go. */
  static List<Due> carryIn(BenchDatabase database, int count) throws SQLException {
    database.execute("truncate outbox");
    List<String> due = database.list(proven(count), String.class);
    return due.stream()
        .map(row -> row.split(" "))
        .map(part -> new Due(part[0], UUID.fromString(part[1])))
        .toList();
  }

  private static String proven(int count) {
    return """
    with due as (
      select id, instance_id from allocation
      where state = 'HELD' and vcpus = 28 order by held_from, id limit %d
    ), deleting as (
      update instance i set state = 'DELETING', reason = 'DELETE_REQUESTED', desired = 'ABSENT',
        sequence = i.sequence + 1, version = i.version + 1
      from due where i.id = due.instance_id
      returning i.tenant_id, i.id, i.sequence, i.run_id
    ), history as (
      insert into instance_history
        (tenant_id, instance_id, sequence, event_type, state, reason, run_id, actor, at)
      select tenant_id, id, sequence, 'instance.deleting', 'DELETING', 'DELETE_REQUESTED', run_id,
        'bench-operator', now()
      from deleting
    )
    update allocation a set proof_at = now() from due where a.id = due.id
    returning a.pool_id || ' ' || a.id"""
        .formatted(count);
  }
}
