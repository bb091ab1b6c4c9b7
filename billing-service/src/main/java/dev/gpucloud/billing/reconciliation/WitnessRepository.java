package dev.gpucloud.billing.reconciliation;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.ratedrow.StoredRow;
import dev.gpucloud.billing.ratedrow.StoredRows;
import dev.gpucloud.billing.reconciliation.engine.Life;
import dev.gpucloud.billing.reconciliation.engine.RunWitness;
import dev.gpucloud.billing.reconciliation.engine.RunWitness.Stretch;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads what each party knows of the runs of an account's month. */
@ApplicationScoped
class WitnessRepository {
  private static final String RUNS_OF_MONTH =
      """
      (select r.run_id from run r
       where r.tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
         and r.started_at < ?3 and coalesce(r.ended_at, 'infinity') >= ?2
       union
       select e.run_id from instance_event e
       where e.tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
         and e.at >= ?2 and e.at < ?3 and e.run_id is not null)""";
  private static final String EVENTS =
      """
      select cast(run_id as text), cast(instance_id as text), data ->> 'instanceName', type,
             millis(at)
      from instance_event
      where type in ('instance.provisioning', 'instance.starting', 'instance.started',
                     'instance.stopped', 'instance.released')
        and run_id in\s"""
          + RUNS_OF_MONTH
          + " order by instance_id, sequence";
  private static final String METERED =
      """
      select cast(run_id as text), millis(start_at), millis(end_at), 0
      from usage_interval where run_id in\s"""
          + RUNS_OF_MONTH
          + " order by run_id, ordinal";
  private static final String SEEN =
      """
      select cast(run_id as text), millis(alive_through) from run_heartbeat where run_id in\s"""
          + RUNS_OF_MONTH;

  private static final String OWN_LINES =
      """
      select cast(i.id as text), l.line_number
      from invoice i left join invoice_line l on l.invoice_id = i.id and l.original_month = i.month
      where i.account_id = ?1 and i.month = ?2""";

  private static final Map<String, Life.Step> STEPS =
      Map.of(
          "instance.provisioning", Life.Step.ORDERED,
          "instance.starting", Life.Step.ORDERED,
          "instance.started", Life.Step.STARTED,
          "instance.stopped", Life.Step.STOPPED,
          "instance.released", Life.Step.RELEASED);

  /** What one run's events say. */
  private static final class Told {
    private final InstanceId instance;
    private final String name;
    private Life life = Life.UNKNOWN;

    Told(Row r) {
      instance = new InstanceId(r.uuid(1));
      name = Objects.requireNonNullElse(r.textOrNull(2), "");
    }
  }

  /** What is known of a month's runs. */
  private static final class Read {
    private final Map<RunId, Told> told = new LinkedHashMap<>();
    private final Map<RunId, Instant> seen = new HashMap<>();
    private final Map<RunId, List<Row>> metered = new HashMap<>();
    private final Map<RunId, List<Row>> billed = new HashMap<>();
    private boolean isInvoiced;
  }

  /** The account's runs of the month; {@code now} is the business clock's. */
  Uni<List<RunWitness>> load(Mutiny.Session s, Account account, BillingMonth month, Instant now) {
    var read = new Read();
    Object[] of = {
      Rows.param(account.tenantIds()), Rows.param(month.start()), Rows.param(month.end())
    };
    return Rows.select(s, EVENTS, of)
        .invoke(rows -> rows.forEach(r -> tell(read, r)))
        .chain(() -> Rows.select(s, METERED, of))
        .invoke(rows -> byRun(rows, read.metered))
        .chain(() -> Rows.select(s, SEEN, of))
        .invoke(rows -> rows.forEach(r -> read.seen.put(new RunId(r.uuid(0)), r.instant(1))))
        .chain(() -> Rows.select(s, OWN_LINES, account.id(), month.toString()))
        .invoke(lines -> read.isInvoiced = !lines.isEmpty())
        .chain(lines -> billed(s, lines))
        .invoke(rows -> byRun(rows, read.billed))
        .map(rows -> witnesses(read, month, now));
  }

  /** Rows that a commitment splits are one stretch of time. */
  private static Uni<List<Row>> billed(Mutiny.Session s, List<Row> lines) {
    if (lines.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    Set<Integer> own =
        lines.stream()
            .filter(l -> l.textOrNull(1) != null)
            .map(l -> (int) l.number(1))
            .collect(Collectors.toSet());
    return StoredRows.of(s, lines.getFirst().uuid(0))
        .map(
            rows ->
                rows.stream()
                    .filter(r -> own.contains(r.line()))
                    .map(Billed::of)
                    .distinct()
                    .map(Billed::row)
                    .toList());
  }

  /** A stretch of a run that is billed. */
  private record Billed(UUID run, long start, long end, long padding) {
    static Billed of(StoredRow r) {
      return new Billed(
          r.run(), r.start().toEpochMilli(), r.end().toEpochMilli(), r.paddingMillis());
    }

    Row row() {
      return new Row(new Object[] {run, start, end, padding});
    }
  }

  private static void tell(Read read, Row r) {
    Told told = read.told.computeIfAbsent(new RunId(r.uuid(0)), run -> new Told(r));
    told.life = told.life.with(Objects.requireNonNull(STEPS.get(r.text(3))), r.instant(4));
  }

  private static void byRun(List<Row> rows, Map<RunId, List<Row>> into) {
    rows.forEach(r -> into.computeIfAbsent(new RunId(r.uuid(0)), run -> new ArrayList<>()).add(r));
  }

  private static List<RunWitness> witnesses(Read read, BillingMonth month, Instant now) {
    return read.told.entrySet().stream()
        .map(e -> witness(read, e.getKey(), e.getValue(), month, now))
        .toList();
  }

  private static RunWitness witness(
      Read read, RunId run, Told told, BillingMonth month, Instant now) {
    Instant seen = read.seen.get(run);
    Instant until = now.isBefore(month.end()) ? now : month.end();
    Instant runsUntil = runsUntil(told.life, seen, month, now);
    boolean isOpen = told.life.stoppedAt() == null;
    List<Stretch> metered = stretches(read.metered.get(run), runsUntil, isOpen);
    List<Stretch> billed = stretches(read.billed.get(run), runsUntil, isOpen);
    return new RunWitness(
        run,
        told.instance,
        told.name,
        told.life,
        metered,
        read.isInvoiced ? billed : null,
        seen,
        runsUntil,
        until);
  }

  /** As what is billed: an open run counts up to its last sign of life once its month is over. */
  private static Instant runsUntil(
      Life life, @Nullable Instant seen, BillingMonth month, Instant now) {
    if (now.isBefore(month.end())) {
      return now;
    }
    if (seen != null && !seen.isBefore(month.end())) {
      return month.end();
    }
    Instant last = seen != null ? seen : life.startedAt();
    return last == null ? month.end() : RunUsage.estimatedEnd(last);
  }

  /** A run that goes on counts up to where it is taken to end, whatever changed after that. */
  private static List<Stretch> stretches(
      @Nullable List<Row> rows, Instant runsUntil, boolean isOpen) {
    return rows == null
        ? List.of()
        : rows.stream().map(r -> stretch(r, runsUntil, isOpen)).toList();
  }

  private static Stretch stretch(Row r, Instant runsUntil, boolean isOpen) {
    Instant end = Objects.requireNonNullElse(r.instantOrNull(2), runsUntil);
    boolean isCut = isOpen && end.isAfter(runsUntil);
    return new Stretch(r.instant(1), isCut ? runsUntil : end, r.number(3));
  }
}
