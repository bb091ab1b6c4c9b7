package dev.gpucloud.billing.close;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.engine.Check;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.close.engine.Findings;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** What billing's own rows say against closing a month. */
@ApplicationScoped
public class ReadinessRepository {

  /** Open runs whose heartbeats do not reach the end of the month, by tenant. */
  Uni<Map<UUID, List<Finding>>> runsWithoutProof(
      Mutiny.Session s, Collection<UUID> tenants, BillingMonth month) {
    return Rows.select(
            s,
            """
            select cast(r.run_id as text), cast(r.instance_id as text), millis(r.alive_through),
                   cast(t.id as text)
            from unnest(cast(string_to_array(?1, ',') as uuid[])) as t (id)
              cross join lateral (
                select r.run_id, r.instance_id, h.alive_through
                from run r left join run_heartbeat h on h.run_id = r.run_id
                where r.tenant_id = t.id and r.ended_at is null
                  and coalesce(r.ended_at, 'infinity') = 'infinity' and r.started_at < ?2
                  and (h.alive_through is null or h.alive_through < ?2)
                order by r.started_at limit ?3) r""",
            Rows.param(tenants),
            Rows.param(month.end()),
            Findings.ASKED)
        .map(rows -> byTenant(rows, 3, ReadinessRepository::withoutProof));
  }

  private static Map<UUID, List<Finding>> byTenant(
      List<Row> rows, int column, Function<Row, Finding> finding) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                r -> r.uuid(column), Collectors.mapping(finding, Collectors.toList())));
  }

  private static Finding withoutProof(Row r) {
    String run = new RunId(r.uuid(0)).toString();
    String seen = r.columns()[2] == null ? "never" : r.instant(2).toString();
    return new Finding(
        Check.RUN_WITHOUT_PROOF,
        run,
        "Run " + run + " is open and was last seen alive: " + seen + ".",
        Map.of(
            "runId",
            run,
            "instanceId",
            new InstanceId(r.uuid(1)).toString(),
            "aliveThrough",
            seen));
  }

  /** Events of each tenant that wait for a gap to close. */
  public Uni<Map<UUID, List<Finding>>> parked(Mutiny.Session s, Collection<UUID> tenants) {
    return Rows.select(
            s,
            """
            select p.stream, p.first, p.events, cast(t.id as text)
            from unnest(cast(string_to_array(?1, ',') as uuid[])) as t (id)
              cross join lateral (
                select stream, min(sequence) as first, count(*) as events from parked_event
                where tenant_id = t.id group by stream order by stream limit ?2) p""",
            Rows.param(tenants),
            Findings.ASKED)
        .map(rows -> byTenant(rows, 3, ReadinessRepository::parked));
  }

  private static Finding parked(Row r) {
    return new Finding(
        Check.PARKED_EVENTS,
        r.text(0) + "@" + r.number(1),
        "%d events of %s wait: the one before sequence %d is missing."
            .formatted(r.number(2), r.text(0), r.number(1)),
        Map.of("stream", r.text(0), "sequence", Long.toString(r.number(1))));
  }

  /** A month that was closed takes no new invoice. */
  Uni<List<Finding>> closed(Mutiny.Session s, BillingMonth month) {
    return Rows.select(
            s,
            "select closed_by from billing_month where month = ?1 and state = 'CLOSED'",
            month.toString())
        .map(
            rows ->
                rows.stream()
                    .map(
                        r ->
                            new Finding(
                                Check.MONTH_CLOSED,
                                month.toString(),
                                month + " is closed; what comes late is corrected later.",
                                Map.of("closedBy", r.text(0))))
                    .toList());
  }

  /** How many events of each tenant are known that are stamped in the month; none is no entry. */
  Uni<Map<UUID, Long>> knownEvents(Mutiny.Session s, Collection<UUID> tenants, BillingMonth month) {
    return Rows.select(
            s,
            """
            select cast(tenant_id as text), told from usage_month
            where tenant_id = any (cast(string_to_array(?1, ',') as uuid[])) and month = ?2""",
            Rows.param(tenants),
            month.toString())
        .map(rows -> rows.stream().collect(Collectors.toMap(r -> r.uuid(0), r -> r.number(1))));
  }

  /** Of events that were told of, the instances of which billing lacks some. */
  Uni<List<Lack>> lacking(Mutiny.Session s, List<InventoryClient.Position> told) {
    return told.isEmpty()
        ? Uni.createFrom().item(List.of())
        : Rows.select(
                s,
                """
                select cast(p.instance as text), p.last,
                       (select coalesce(max(sequence), 0) from instance_event
                        where instance_id = p.instance)
                from unnest(cast(string_to_array(?1, ',') as uuid[]),
                            cast(string_to_array(?2, ',') as bigint[])) as p (instance, last)
                where not exists (
                  select from instance_event e
                  where e.instance_id = p.instance and e.sequence >= p.last)""",
                Rows.param(told.stream().map(p -> p.instanceId().value()).toList()),
                told.stream()
                    .map(p -> Long.toString(p.lastSequence()))
                    .collect(Collectors.joining(",")))
            .map(
                rows ->
                    rows.stream()
                        .map(r -> new Lack(new InstanceId(r.uuid(0)), r.number(1), r.number(2)))
                        .toList());
  }

  /**
   * An instance whose events inventory told up to {@code told} and billing has to {@code known}.
   */
  record Lack(InstanceId instance, long told, long known) {}

  /** The first month before this one that has usage and no invoice, of accounts that have one. */
  public Uni<Map<UUID, BillingMonth>> earlierOpenMonths(
      Mutiny.Session s, Collection<Account> accounts, BillingMonth month) {
    if (accounts.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    List<UUID> of = new ArrayList<>();
    List<UUID> tenants = new ArrayList<>();
    for (Account account : accounts) {
      account.tenantIds().forEach(tenant -> of.add(account.id()));
      tenants.addAll(account.tenantIds());
    }
    return Rows.select(
            s,
            """
            select distinct on (p.account) cast(p.account as text), to_char(m.at, 'YYYY-MM')
            from unnest(cast(string_to_array(?1, ',') as uuid[]),
                        cast(string_to_array(?2, ',') as uuid[])) as p (account, tenant)
              cross join lateral (
                select min(started_at) as first_at from run where tenant_id = p.tenant) r
              cross join lateral generate_series(
                date_trunc('month', r.first_at at time zone 'Asia/Seoul'),
                to_date(?3, 'YYYY-MM') - interval '1 month', interval '1 month') as m (at)
              cross join lateral (
                select m.at at time zone 'Asia/Seoul' as start_at,
                       (m.at + interval '1 month') at time zone 'Asia/Seoul' as end_at) b
            where not exists (
                select from invoice i
                where i.account_id = p.account and i.month = to_char(m.at, 'YYYY-MM'))
              and exists (
                select from run r
                where r.tenant_id = p.tenant and r.started_at < b.end_at
                  and (coalesce(r.ended_at, 'infinity') > b.start_at
                       or r.started_at >= b.start_at))
            order by p.account, m.at""",
            Rows.param(of),
            Rows.param(tenants),
            month.toString())
        .map(
            rows ->
                rows.stream()
                    .collect(Collectors.toMap(r -> r.uuid(0), r -> BillingMonth.parse(r.text(1)))));
  }
}
