package dev.gpucloud.inventory.faults;

import dev.gpucloud.inventory.faults.engine.FaultAction;
import dev.gpucloud.inventory.faults.engine.FaultRule;
import dev.gpucloud.inventory.faults.engine.XidCatalogue;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hibernate.reactive.mutiny.Mutiny;

/** What codes ask for: our table, and what admins decided instead. */
final class Policies {
  private static final String OVERRIDES =
      "select xid, action, reason, updated_by, version from fault_policy";

  private Policies() {}

  /** The rule that counts for a code. */
  static Uni<FaultRule> rule(Mutiny.Session s, int xid) {
    return Sql.rows(s, OVERRIDES + " where xid = ?1", xid)
        .map(rows -> rows.isEmpty() ? XidCatalogue.rule(xid) : rule(rows.getFirst()));
  }

  private static FaultRule rule(Object[] row) {
    return new FaultRule(
        ((Number) row[0]).intValue(), FaultAction.valueOf((String) row[1]), (String) row[2]);
  }

  /** All rules by code; what an admin decided stands in the place of ours. */
  static Uni<List<PolicyView>> all(Mutiny.Session s) {
    return Sql.rows(s, OVERRIDES)
        .map(
            rows -> {
              Map<Integer, PolicyView> policies = new TreeMap<>();
              XidCatalogue.rules().forEach(r -> policies.put(r.xid(), PolicyView.ours(r)));
              rows.forEach(row -> policies.put(((Number) row[0]).intValue(), decided(row)));
              return List.copyOf(policies.values());
            });
  }

  static Uni<PolicyView> load(Mutiny.Session s, int xid) {
    return Sql.rows(s, OVERRIDES + " where xid = ?1", xid)
        .map(
            rows ->
                rows.isEmpty()
                    ? PolicyView.ours(XidCatalogue.rule(xid))
                    : decided(rows.getFirst()));
  }

  private static PolicyView decided(Object[] row) {
    return new PolicyView(
        ((Number) row[0]).intValue(),
        (String) row[1],
        (String) row[2],
        (String) row[3],
        ((Number) row[4]).longValue());
  }

  static Uni<Void> set(
      Mutiny.Session s, int xid, SetPolicyRequest asked, String actor, Instant now) {
    return Sql.update(
            s,
            """
            insert into fault_policy as p (xid, action, reason, updated_by, updated_at)
            values (?1, ?2, ?3, ?4, ?5)
            on conflict (xid) do update set action = excluded.action, reason = excluded.reason,
              updated_by = excluded.updated_by, updated_at = excluded.updated_at,
              version = p.version + 1""",
            xid,
            asked.action(),
            asked.reason(),
            actor,
            now.atOffset(ZoneOffset.UTC))
        .replaceWithVoid();
  }

  static Uni<Void> forget(Mutiny.Session s, int xid) {
    return Sql.update(s, "delete from fault_policy where xid = ?1", xid).replaceWithVoid();
  }
}
