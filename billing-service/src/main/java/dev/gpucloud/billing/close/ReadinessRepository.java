package dev.gpucloud.billing.close;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.engine.Check;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** What billing's own rows say against closing a month. */
@ApplicationScoped
public class ReadinessRepository {
  private static final int MOST_FINDINGS = 10_000;

  /** Open runs whose heartbeats do not reach the end of the month. */
  Uni<List<Finding>> runsWithoutProof(Mutiny.Session s, Account account, BillingMonth month) {
    return Rows.select(
            s,
            """
            select cast(r.run_id as text), cast(r.instance_id as text), millis(h.alive_through)
            from run r left join run_heartbeat h on h.run_id = r.run_id
            where r.tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
              and r.ended_at is null and r.started_at < ?2
              and (h.alive_through is null or h.alive_through < ?2)
            order by r.started_at limit ?3""",
            Rows.param(account.tenantIds()),
            Rows.param(month.end()),
            MOST_FINDINGS)
        .map(rows -> rows.stream().map(ReadinessRepository::withoutProof).toList());
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

  /** Events of the account's tenants that wait for a gap to close. */
  public Uni<List<Finding>> parked(Mutiny.Session s, Account account) {
    return Rows.select(
            s,
            """
            select stream, min(sequence), count(*) from parked_event
            where tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
            group by stream order by stream limit ?2""",
            Rows.param(account.tenantIds()),
            MOST_FINDINGS)
        .map(rows -> rows.stream().map(ReadinessRepository::parked).toList());
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

  /** The last sequence known of each instance of a tenant. */
  Uni<Map<InstanceId, Long>> lastSequences(Mutiny.Session s, UUID tenant) {
    return Rows.select(
            s,
            """
            select cast(instance_id as text), max(sequence) from instance_event
            where tenant_id = ?1 group by instance_id""",
            tenant)
        .map(
            rows ->
                rows.stream()
                    .collect(Collectors.toMap(r -> new InstanceId(r.uuid(0)), r -> r.number(1))));
  }

  /** The first month before this one that has usage and no invoice. */
  public Uni<Optional<BillingMonth>> earlierOpenMonth(
      Mutiny.Session s, Account account, BillingMonth month) {
    return Rows.select(
            s,
            """
            select millis(started_at), millis(ended_at) from run
            where tenant_id = any (cast(string_to_array(?1, ',') as uuid[])) and started_at < ?2""",
            Rows.param(account.tenantIds()),
            Rows.param(month.start()))
        .chain(
            runs ->
                Rows.select(s, "select month from invoice where account_id = ?1", account.id())
                    .map(invoices -> firstOpen(runs, invoices, month)));
  }

  private static Optional<BillingMonth> firstOpen(
      List<Row> runs, List<Row> invoices, BillingMonth before) {
    var used = new HashSet<BillingMonth>();
    for (Row run : runs) {
      Instant end = run.instantOrNull(1);
      BillingMonth m = BillingMonth.of(run.instant(0));
      while (m.compareTo(before) < 0
          && (end == null || m.start().isBefore(end) || m.contains(run.instant(0)))) {
        used.add(m);
        m = m.next();
      }
    }
    var open = new ArrayList<>(used);
    open.removeAll(invoices.stream().map(r -> BillingMonth.parse(r.text(0))).toList());
    return open.stream().sorted().findFirst();
  }
}
