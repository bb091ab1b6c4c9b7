package dev.gpucloud.billing.reconciliation;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.booked.BookedDay;
import dev.gpucloud.billing.booked.BookedDayRepository;
import dev.gpucloud.billing.correction.engine.Correction;
import dev.gpucloud.billing.ratedrow.StoredRows;
import dev.gpucloud.billing.rating.UsageRepository;
import dev.gpucloud.billing.reconciliation.Witnesses.Fate;
import dev.gpucloud.billing.reconciliation.engine.Life;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads what each party knows of the runs of some accounts' month. */
@ApplicationScoped
class WitnessRepository {
  private final UsageRepository usage;

  WitnessRepository(UsageRepository usage) {
    this.usage = usage;
  }

  /** What metering and the agents know, looked up by the run, however long the history is. */
  private static final String METERED =
      """
      select r.tenant_id, r.run_id, r.instance_id, r.instance_name, h.alive_through, i.start_at,
             i.end_at
      from run r
        left join lateral (select h.alive_through from run_heartbeat h
                           where h.run_id = r.run_id offset 0) h on true
        left join lateral (select i.start_at, i.end_at from usage_interval i
                           where i.run_id = r.run_id order by i.ordinal offset 0) i on true
      """;

  private static final String METERED_OF_MONTH =
      METERED
          + """
          where r.tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
            and r.started_at < ?3 and coalesce(r.ended_at, 'infinity') >= ?2""";
  private static final String METERED_OF_RUNS =
      METERED + "where r.run_id = any (cast(string_to_array(?1, ',') as uuid[]))";

  /** A row a run: its steps in their order. */
  private static final String STEPS =
      """
      string_agg(
        case e.type when 'instance.started' then 'S' when 'instance.stopped' then 'X'
                    when 'instance.released' then 'R' else 'O' end || millis(e.at),
        ' ' order by e.sequence)""";

  private static final String COUNTED =
      """
      and e.run_id is not null
      and e.type in ('instance.provisioning', 'instance.starting', 'instance.started',
                     'instance.stopped', 'instance.released')
      group by e.run_id""";
  private static final String EVENTS_OF_MONTH =
      "select e.run_id, "
          + STEPS
          + """
          from instance_event e
          where e.tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
            and e.at >= ?2 and e.at < ?3\s"""
          + COUNTED;

  /** What happened on some days of tenants, a row a run. */
  private static final String EVENTS_OF_DAYS =
      "select e.run_id, "
          + STEPS
          + """
          , min(cast(e.tenant_id as text))
          from unnest(cast(string_to_array(?1, ',') as uuid[]), cast(string_to_array(?2, ',') as date[]))
              as d (tenant_id, day)
            cross join lateral (
              select * from instance_event
              where tenant_id = d.tenant_id and at > cast(d.day as timestamp) at time zone 'Asia/Seoul'
                and at <= (d.day + interval '1 day') at time zone 'Asia/Seoul' offset 0) e
          where true\s"""
          + COUNTED;

  /**
   * Runs that have a say outside the month: a stop that corrects one in it, or a boot that began
   * within a day before it.
   */
  private static final String BESIDE_MONTH =
      """
      select e.run_id from instance_event e
      where e.tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
        and e.at >= ?3 and e.type = 'instance.stopped' and e.run_id is not null
      union
      select e.run_id from instance_event e
      where e.tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
        and e.at >= cast(?2 as timestamptz) - interval '1 day' and e.at < ?2
        and e.run_id is not null""";

  private static final String EVENTS_OF_RUNS =
      "select cast(e.run_id as text), "
          + STEPS
          + """
          , min(cast(e.tenant_id as text)), min(cast(e.instance_id as text)),
            (array_agg(e.data ->> 'instanceName' order by e.sequence))[1]
          from instance_event e
          where e.run_id = any (cast(string_to_array(?1, ',') as uuid[]))\s"""
          + COUNTED;
  private static final String SEEN =
      """
      select cast(run_id as text), millis(alive_through) from run_heartbeat
      where run_id = any (cast(string_to_array(?1, ',') as uuid[]))""";

  /**
   * The month's own invoice, and those that were issued later and correct it, with the place of
   * that among what settled late usage of the month; whether it is the own one, and whether a note
   * took it back.
   */
  private static final String INVOICES =
      """
      select cast(i.account_id as text), cast(i.id as text),
             coalesce(string_agg(cast(l.line_number as text), ','), ''),
             coalesce((select max(u.ordinal) from late_usage u
                       where u.invoice_id = i.id and u.month = ?2), 0),
             case when i.month = ?2 then 1 else 0 end,
             (select count(*) from invoice_note n
              where n.invoice_id = i.id and n.state = 'ISSUED' and n.reason in (4, 6))
      from invoice i
        left join invoice_line l on l.invoice_id = i.id and l.original_month = ?2
      where i.account_id = any (cast(string_to_array(?1, ',') as uuid[]))
        and (i.month = ?2 or i.month > ?2 and i.state = 'ISSUED')
      group by i.account_id, i.id, i.month
      having i.month = ?2 or count(l.line_number) > 0
      order by i.month""";

  /** What settled late usage of the month beside the lines of invoices. */
  private static final String BESIDE_LINES =
      """
      select cast(u.account_id as text), cast(u.id as text), u.ordinal, u.outcome,
             encode(r.document, 'base64'),
             (select count(*) from invoice_note b
              where b.invoice_id = case when u.outcome = 'NEXT_INVOICE' then u.invoice_id
                                        else u.original_id end
                and b.state = 'ISSUED' and b.reason in (4, 6))
      from late_usage u join late_usage_rows r on r.late_usage_id = u.id
        left join invoice i on i.id = u.invoice_id
        left join invoice_note n on n.id = u.note_id
      where u.account_id = any (cast(string_to_array(?1, ',') as uuid[])) and u.month = ?2
        and (i.state = 'ISSUED' or n.state = 'ISSUED')""";

  /**
   * What is known of the runs of some accounts, with a few statements whatever their number; {@code
   * now} is the business clock's.
   */
  Uni<Witnesses> load(Mutiny.Session s, List<Account> accounts, BillingMonth month, Instant now) {
    Map<RunId, Known> runs = new LinkedHashMap<>();
    Object[] of = {
      Rows.param(accounts.stream().flatMap(a -> a.tenantIds().stream()).toList()),
      Rows.param(month.start()),
      Rows.param(month.end())
    };
    return Rows.select(s, METERED_OF_MONTH, of)
        .invoke(rows -> rows.forEach(r -> metered(runs, r)))
        .chain(() -> Rows.select(s, EVENTS_OF_MONTH, of))
        .invoke(rows -> rows.forEach(r -> known(runs, r).tell(r.text(1))))
        .chain(() -> Rows.select(s, BESIDE_MONTH, of))
        .invoke(rows -> rows.forEach(r -> goesBeyond(runs.get(new RunId(r.uuid(0))))))
        .chain(() -> completed(s, runs))
        .chain(() -> invoiced(s, runs, accounts, new Witnesses(month, now), StoredRows::documents));
  }

  /**
   * The same of accounts whose invoices rest on some booked days, of the runs that are not in
   * those: of them, and of their rows, nothing is read.
   */
  Uni<Witnesses> loadOutside(
      Mutiny.Session s,
      List<Account> accounts,
      BillingMonth month,
      Instant now,
      List<BookedDay> days) {
    List<UUID> tenants = accounts.stream().flatMap(a -> a.tenantIds().stream()).toList();
    Map<RunId, Known> runs = new LinkedHashMap<>();
    return usage
        .outside(s, tenants, month, days)
        .chain(ids -> ofRuns(s, ids, runs))
        .chain(() -> usage.strays(s, tenants, month, days))
        .invoke(told -> told.forEach(id -> runs.computeIfAbsent(new RunId(id), r -> new Known())))
        .chain(() -> completed(s, runs))
        .chain(
            () ->
                invoiced(
                    s,
                    runs,
                    accounts,
                    new Witnesses(month, now),
                    StoredRows::documentsWithoutDays));
  }

  /**
   * What is known of runs by no invoice.
   *
   * @param strays tenants that inventory told the start of a run of that metering does not know
   */
  record OfDays(Map<RunId, Known> runs, Set<UUID> strays) {}

  /** What is known of the runs that ended on some days. */
  Uni<OfDays> load(Mutiny.Session s, List<BookedDay> days, Collection<UUID> ids) {
    Map<RunId, Known> runs = new LinkedHashMap<>();
    Map<UUID, UUID> others = new HashMap<>();
    Object[] given = BookedDayRepository.params(days);
    return ofRuns(s, ids, runs)
        .chain(() -> Rows.select(s, EVENTS_OF_DAYS, given[0], given[1]))
        .invoke(
            rows ->
                rows.forEach(
                    r -> {
                      Known known = runs.get(new RunId(r.uuid(0)));
                      if (known != null) {
                        known.tell(r.text(1));
                      } else if (r.text(1).indexOf('S') >= 0) {
                        others.put(r.uuid(0), r.uuid(2));
                      }
                    }))
        .chain(() -> completed(s, runs))
        .chain(() -> unknown(s, others.keySet()))
        .map(
            unknown ->
                new OfDays(runs, unknown.stream().map(others::get).collect(Collectors.toSet())));
  }

  private static Uni<List<UUID>> unknown(Mutiny.Session s, Collection<UUID> runs) {
    return runs.isEmpty()
        ? Uni.createFrom().item(List.of())
        : Rows.select(
                s,
                """
                select cast(o.run_id as text)
                from unnest(cast(string_to_array(?1, ',') as uuid[])) as o (run_id)
                where not exists (select from run r where r.run_id = o.run_id)""",
                Rows.param(runs))
            .map(rows -> rows.stream().map(r -> r.uuid(0)).toList());
  }

  private static Uni<Void> ofRuns(Mutiny.Session s, Collection<UUID> ids, Map<RunId, Known> runs) {
    return ids.isEmpty()
        ? Uni.createFrom().voidItem()
        : Rows.select(s, METERED_OF_RUNS, Rows.param(ids))
            .invoke(rows -> rows.forEach(r -> metered(runs, r)))
            .replaceWithVoid();
  }

  private static void goesBeyond(@Nullable Known known) {
    if (known != null) {
      known.goesBeyond = true;
    }
  }

  private static Known known(Map<RunId, Known> runs, Row r) {
    return runs.computeIfAbsent(new RunId(r.uuid(0)), run -> new Known());
  }

  private static void metered(Map<RunId, Known> runs, Row r) {
    Known known = runs.computeIfAbsent(new RunId(r.uuid(1)), run -> new Known());
    known.tenant = r.uuid(0);
    known.instance = new InstanceId(r.uuid(2));
    known.name = r.text(3);
    known.seen = r.instantOrNull(4);
    if (r.instantOrNull(5) != null) {
      known.metered.add(new Known.Metered(r.instant(5), r.instantOrNull(6)));
    }
  }

  /** Asks for all events of those runs that began before the month, go on, or never ran. */
  private static Uni<Void> completed(Mutiny.Session s, Map<RunId, Known> runs) {
    List<UUID> some =
        runs.entrySet().stream()
            .filter(e -> !e.getValue().isWhole())
            .map(e -> e.getKey().value())
            .toList();
    if (some.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    some.forEach(run -> Objects.requireNonNull(runs.get(new RunId(run))).life = Life.UNKNOWN);
    return Rows.select(s, EVENTS_OF_RUNS, Rows.param(some))
        .invoke(
            rows ->
                rows.forEach(
                    r -> {
                      Known known = known(runs, r);
                      known.tell(r.text(1));
                      if (known.tenant == null) {
                        known.tenant = r.uuid(2);
                        known.instance = new InstanceId(r.uuid(3));
                        known.name = Objects.requireNonNullElse(r.textOrNull(4), "");
                      }
                    }))
        .chain(() -> Rows.select(s, SEEN, Rows.param(some)))
        .invoke(rows -> rows.forEach(r -> known(runs, r).seen = r.instant(1)))
        .replaceWithVoid();
  }

  private static Uni<Witnesses> invoiced(
      Mutiny.Session s,
      Map<RunId, Known> runs,
      List<Account> accounts,
      Witnesses all,
      BiFunction<Mutiny.Session, List<UUID>, Uni<Map<UUID, byte[]>>> documents) {
    runs.forEach(all::add);
    Object[] of = {Rows.param(accounts.stream().map(Account::id).toList()), all.month().toString()};
    return Rows.select(s, INVOICES, of)
        .invoke(rows -> rows.forEach(r -> invoice(all, r)))
        .chain(() -> documents.apply(s, all.invoices()))
        .invoke(all::read)
        .chain(() -> Rows.select(s, BESIDE_LINES, of))
        .invoke(rows -> rows.forEach(r -> beside(all, r)))
        .replaceWith(all);
  }

  private static void invoice(Witnesses all, Row r) {
    Set<Integer> lines =
        Stream.of(r.text(2).split(","))
            .filter(line -> !line.isEmpty())
            .map(Integer::valueOf)
            .collect(Collectors.toSet());
    boolean isTakenBack = r.number(5) > 0;
    Fate fate = isTakenBack ? Fate.TAKEN_BACK : Fate.CHARGED;
    all.add(r.uuid(0), new Witnesses.Charge(r.uuid(1), lines, (int) r.number(3), fate));
    if (isTakenBack && r.number(4) == 1) {
      all.addTakenBack(r.uuid(0));
    }
  }

  private static void beside(Witnesses all, Row r) {
    boolean isWrittenOff = r.text(3).equals(Correction.Outcome.WRITTEN_OFF.name());
    Fate fate = r.number(5) > 0 ? Fate.TAKEN_BACK : isWrittenOff ? Fate.WRITTEN_OFF : Fate.CHARGED;
    all.add(r.uuid(0), new Witnesses.Charge(r.uuid(1), null, (int) r.number(2), fate));
    all.read(Map.of(r.uuid(1), Base64.getMimeDecoder().decode(r.text(4))));
  }
}
