package dev.gpucloud.benchmarks.writer;

import java.sql.SQLException;
import java.util.Map;

/** Proves from the rows alone that what was measured was right. */
final class Checker {
  private static final Map<String, String> MUST_BE_NONE =
      Map.of(
          "hosts whose free and held slices do not add up",
          """
          select count(*) from host h
          left join (select host_id, bit_or(mask) as mask, sum(vcpus) as vcpus,
                       sum(bit_count(mask::bit(64))) as bits
                     from allocation where state <> 'RELEASED' group by host_id) a
            on a.host_id = h.id
          where (h.free_mask | coalesce(a.mask, 0)) <> h.full_mask
             or (h.free_mask & coalesce(a.mask, 0)) <> 0
             or bit_count(coalesce(a.mask, 0)::bit(64)) <> coalesce(a.bits, 0)
             or h.free_vcpus + coalesce(a.vcpus, 0) <> h.vcpus""",
          "quota that does not count what is held",
          """
          select count(*) from quota_usage q
          where q.used_slices <> coalesce(
            (select sum(bit_count(a.mask::bit(64))) from allocation a join pool p on p.id = a.pool_id
             where a.state = 'HELD' and p.model_id = q.model_id and q.scope_id = any(a.quota_of)
               and q.site in ('', p.site_id)),
            0)""",
          "instances whose history has holes",
          """
          select count(*) from instance i left join (
            select instance_id, count(*) as events, max(sequence) as last
            from instance_history group by instance_id) h on h.instance_id = i.id
          where i.sequence is distinct from h.events or i.sequence is distinct from h.last""",
          "released instances that are not deleted",
          """
          select count(*) from allocation a join instance i on i.id = a.instance_id
          where a.state = 'RELEASED' and i.state <> 'DELETED'""",
          "instances without a stored answer to their key",
          """
          select (select count(*) from instance) - (select count(*) from idempotency)""");

  private Checker() {}

  static void check(BenchDatabase database) throws SQLException {
    for (Map.Entry<String, String> rule : MUST_BE_NONE.entrySet()) {
      String found = database.value(rule.getValue());
      if (!found.equals("0")) {
        throw new IllegalStateException(found + " " + rule.getKey() + ": no figure counts");
      }
    }
  }
}
