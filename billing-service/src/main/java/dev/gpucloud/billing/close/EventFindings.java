package dev.gpucloud.billing.close;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.engine.Check;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.close.engine.Findings;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Quarantined events, estimated ends, and stops before their start, of a month. */
@ApplicationScoped
class EventFindings implements FindingSource {
  private static final String QUARANTINED =
      """
      select tenant, position, id, reason, subject, type from (
        select event ->> 'tenant' as tenant, cast(position as text) as position, id, reason,
               event ->> 'subject' as subject, event ->> 'type' as type,
               row_number() over (partition by event ->> 'tenant' order by position) as n
        from quarantined_event
          cross join lateral (
            select case when pg_input_is_valid(event -> 'data' ->> 'at', 'timestamptz')
              then event -> 'data' ->> 'at' else event ->> 'time' end as text) at
        where event ->> 'topic' = ?1
          and event ->> 'tenant' = any (string_to_array(?2, ','))
          and cast(at.text as timestamptz) >= ?3 and cast(at.text as timestamptz) < ?4) as of_tenant
      where n <= ?5 order by tenant, n""";
  private static final String ESTIMATED =
      """
      select tenant, run, instance, ended from (
        select cast(tenant_id as text) as tenant, cast(run_id as text) as run,
               cast(instance_id as text) as instance, millis(ended_at) as ended,
               row_number() over (partition by tenant_id order by ended_at, run_id) as n
        from run
        where tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
          and end_reason = 'HOST_UNREACHABLE' and coalesce(ended_at, 'infinity') > ?2
          and coalesce(ended_at, 'infinity') <= ?3) as of_tenant
      where n <= ?4 order by tenant, n""";
  private static final String STOPPED_EARLY =
      """
      select tenant, run, instance, stopped, started from (
        select cast(r.tenant_id as text) as tenant, cast(r.run_id as text) as run,
               cast(r.instance_id as text) as instance, millis(stop.at) as stopped,
               millis(r.started_at) as started,
               row_number() over (partition by r.tenant_id order by r.ended_at, r.run_id) as n
        from run r cross join lateral (
          select e.at from instance_event e
          where e.run_id = r.run_id and e.type = 'instance.stopped'
          order by e.sequence desc limit 1) stop
        where r.tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
          and r.ended_at = r.started_at and r.ended_at >= ?2 and r.ended_at < ?3
          and stop.at < r.started_at) as of_tenant
      where n <= ?4 order by tenant, n""";

  @Override
  public Uni<Map<UUID, List<Finding>>> find(
      Mutiny.Session s, List<Account> accounts, BillingMonth month) {
    Map<TenantId, UUID> owners = new HashMap<>();
    accounts.forEach(a -> a.tenants().forEach(t -> owners.put(t.id(), a.id())));
    Map<UUID, List<Finding>> found = new HashMap<>();
    return Rows.select(
            s,
            QUARANTINED,
            Topics.INSTANCES,
            owners.keySet().stream().map(TenantId::toString).collect(Collectors.joining(",")),
            Rows.param(month.start()),
            Rows.param(month.end()),
            Findings.ASKED)
        .invoke(
            rows ->
                rows.forEach(
                    r -> add(found, owners.get(TenantId.parse(r.text(0))), quarantined(r))))
        .chain(() -> ofRuns(s, ESTIMATED, owners.keySet(), month))
        .invoke(
            rows ->
                rows.forEach(r -> add(found, owners.get(new TenantId(r.uuid(0))), estimated(r))))
        .chain(() -> ofRuns(s, STOPPED_EARLY, owners.keySet(), month))
        .invoke(
            rows -> rows.forEach(r -> add(found, owners.get(new TenantId(r.uuid(0))), early(r))))
        .replaceWith(found);
  }

  private static Uni<List<Row>> ofRuns(
      Mutiny.Session s, String query, Collection<TenantId> tenants, BillingMonth month) {
    return Rows.select(
        s,
        query,
        Rows.param(tenants.stream().map(TenantId::value).toList()),
        Rows.param(month.start()),
        Rows.param(month.end()),
        Findings.ASKED);
  }

  private static void add(Map<UUID, List<Finding>> found, @Nullable UUID account, Finding finding) {
    found.computeIfAbsent(Objects.requireNonNull(account), a -> new ArrayList<>()).add(finding);
  }

  private static Finding quarantined(Row r) {
    return new Finding(
        Check.QUARANTINED_EVENT,
        r.text(1),
        "Event %s (%s) of %s is in quarantine: %s."
            .formatted(r.text(2), r.text(5), r.text(4), r.text(3)),
        Map.of("eventId", r.text(2), "instanceId", r.text(4), "reason", r.text(3)));
  }

  private static Finding estimated(Row r) {
    String run = new RunId(r.uuid(1)).toString();
    return new Finding(
        Check.ESTIMATED_END,
        run,
        "Run " + run + " is taken to have ended at " + r.instant(3) + ": its host was lost.",
        Map.of(
            "runId",
            run,
            "instanceId",
            new InstanceId(r.uuid(2)).toString(),
            "endedAt",
            r.instant(3).toString()));
  }

  private static Finding early(Row r) {
    String run = new RunId(r.uuid(1)).toString();
    return new Finding(
        Check.STOP_BEFORE_START,
        run,
        "The stop of run %s is dated %s, before its start at %s; the least is billed."
            .formatted(run, r.instant(3), r.instant(4)),
        Map.of(
            "runId",
            run,
            "instanceId",
            new InstanceId(r.uuid(2)).toString(),
            "stoppedAt",
            r.instant(3).toString(),
            "startedAt",
            r.instant(4).toString()));
  }
}
