package dev.gpucloud.billing.reconciliation;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.ratedrow.RowsDocument;
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
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads what each party knows of the runs of some accounts' month. */
@ApplicationScoped
class WitnessRepository {
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
      where r.tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
        and r.started_at < ?3 and coalesce(r.ended_at, 'infinity') >= ?2""";

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

  /** The month's own invoice first, then those that were issued later and correct it. */
  private static final String INVOICES =
      """
      select cast(i.account_id as text), cast(i.id as text),
             coalesce(string_agg(cast(l.line_number as text), ','), '')
      from invoice i
        left join invoice_line l on l.invoice_id = i.id and l.original_month = ?2
      where i.account_id = any (cast(string_to_array(?1, ',') as uuid[]))
        and (i.month = ?2 or i.month > ?2 and i.state = 'ISSUED')
      group by i.account_id, i.id, i.month
      having i.month = ?2 or count(l.line_number) > 0
      order by i.month""";

  /** What is known of one run. */
  private static final class Known {
    private @Nullable UUID tenant;
    private @Nullable InstanceId instance;
    private String name = "";
    private @Nullable Instant seen;
    private Life life = Life.UNKNOWN;
    private boolean goesBeyond;
    private final List<Metered> metered = new ArrayList<>(1);

    void tell(String steps) {
      for (String step : steps.split(" ")) {
        life =
            life.with(
                step(step.charAt(0)),
                Instant.ofEpochMilli(Long.parseLong(step, 1, step.length(), 10)));
      }
    }

    private static Life.Step step(char code) {
      return switch (code) {
        case 'O' -> Life.Step.ORDERED;
        case 'S' -> Life.Step.STARTED;
        case 'X' -> Life.Step.STOPPED;
        case 'R' -> Life.Step.RELEASED;
        default -> throw new IllegalArgumentException("step " + code);
      };
    }

    /** Events before or after the month may say more than those in it. */
    boolean isWhole() {
      return tenant != null && !goesBeyond && life.orderedAt() != null && life.stoppedAt() != null;
    }
  }

  private record Metered(Instant start, @Nullable Instant end) {}

  /** Which lines of an invoice charge for use of the month, or correct that. */
  record OwnLines(UUID invoice, Set<Integer> lines) {}

  /** All that is known of the runs of some accounts' month. */
  static final class Witnesses {
    private final BillingMonth month;
    private final Instant now;
    private final Map<UUID, Map<RunId, Known>> byTenant = new HashMap<>();
    private final Map<UUID, List<OwnLines>> invoices = new HashMap<>();
    private final Map<UUID, byte[]> documents = new HashMap<>();

    Witnesses(BillingMonth month, Instant now) {
      this.month = month;
      this.now = now;
    }

    /** The runs of an account. Costs time: call it on a worker thread. */
    List<RunWitness> of(Account account) {
      List<OwnLines> own = invoices.get(account.id());
      Map<RunId, List<Stretch>> billed = own == null ? Map.of() : billed(own);
      return account.tenantIds().stream()
          .flatMap(t -> byTenant.getOrDefault(t, Map.of()).entrySet().stream())
          .map(
              e ->
                  witness(
                      e.getKey(),
                      e.getValue(),
                      own == null ? null : billed.getOrDefault(e.getKey(), List.of())))
          .toList();
    }

    /**
     * Rows that a commitment splits are one stretch of time; what a later invoice takes back is
     * none any more.
     */
    private Map<RunId, List<Stretch>> billed(List<OwnLines> own) {
      Map<RunId, List<Stretch>> billed = new HashMap<>();
      for (OwnLines of : own) {
        byte[] document = documents.get(of.invoice());
        List<StoredRow> rows =
            document == null
                ? List.of()
                : RowsDocument.read(document).stream()
                    .filter(r -> of.lines().contains(r.line()))
                    .toList();
        rows.stream()
            .filter(Witnesses::takesBack)
            .forEach(
                r ->
                    billed
                        .getOrDefault(new RunId(r.run()), new ArrayList<>())
                        .remove(new Stretch(r.start(), r.end(), -r.paddingMillis())));
        rows.stream()
            .filter(r -> !takesBack(r))
            .forEach(
                r -> add(billed.computeIfAbsent(new RunId(r.run()), run -> new ArrayList<>(1)), r));
      }
      return billed;
    }

    private static boolean takesBack(StoredRow r) {
      return r.billedMillis() < 0 || r.paddingMillis() < 0;
    }

    private static void add(List<Stretch> stretches, StoredRow r) {
      var stretch = new Stretch(r.start(), r.end(), r.paddingMillis());
      if (!stretches.contains(stretch)) {
        stretches.add(stretch);
      }
    }

    private RunWitness witness(RunId run, Known known, @Nullable List<Stretch> billed) {
      Instant until = now.isBefore(month.end()) ? now : month.end();
      Instant runsUntil = runsUntil(known);
      boolean isOpen = known.life.stoppedAt() == null;
      return new RunWitness(
          run,
          Objects.requireNonNull(known.instance),
          known.name,
          known.life,
          known.metered.stream()
              .map(m -> stretch(m.start(), m.end(), 0, runsUntil, isOpen))
              .toList(),
          billed == null
              ? null
              : billed.stream()
                  .map(b -> stretch(b.start(), b.end(), b.paddingMillis(), runsUntil, isOpen))
                  .toList(),
          known.seen,
          runsUntil,
          until);
    }

    /** As what is billed: an open run counts up to its last sign of life once its month is over. */
    private Instant runsUntil(Known known) {
      if (now.isBefore(month.end())) {
        return now;
      }
      if (known.seen != null && !known.seen.isBefore(month.end())) {
        return month.end();
      }
      Instant last = known.seen != null ? known.seen : known.life.startedAt();
      return last == null ? month.end() : RunUsage.estimatedEnd(last);
    }

    /** A run that goes on counts up to where it is taken to end, whatever changed after that. */
    private static Stretch stretch(
        Instant start, @Nullable Instant found, long padding, Instant runsUntil, boolean isOpen) {
      Instant end = Objects.requireNonNullElse(found, runsUntil);
      boolean isCut = isOpen && end.isAfter(runsUntil);
      return new Stretch(start, isCut ? runsUntil : end, padding);
    }
  }

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
    return Rows.select(s, METERED, of)
        .invoke(rows -> rows.forEach(r -> metered(runs, r)))
        .chain(() -> Rows.select(s, EVENTS_OF_MONTH, of))
        .invoke(rows -> rows.forEach(r -> known(runs, r).tell(r.text(1))))
        .chain(() -> Rows.select(s, BESIDE_MONTH, of))
        .invoke(rows -> rows.forEach(r -> goesBeyond(runs.get(new RunId(r.uuid(0))))))
        .chain(() -> completed(s, runs))
        .chain(() -> invoiced(s, runs, accounts, new Witnesses(month, now)));
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
      known.metered.add(new Metered(r.instant(5), r.instantOrNull(6)));
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
      Mutiny.Session s, Map<RunId, Known> runs, List<Account> accounts, Witnesses all) {
    runs.forEach(
        (run, known) ->
            all.byTenant
                .computeIfAbsent(Objects.requireNonNull(known.tenant), t -> new LinkedHashMap<>())
                .put(run, known));
    return Rows.select(
            s,
            INVOICES,
            Rows.param(accounts.stream().map(Account::id).toList()),
            all.month.toString())
        .invoke(
            rows ->
                rows.forEach(
                    r ->
                        all.invoices
                            .computeIfAbsent(r.uuid(0), a -> new ArrayList<>(1))
                            .add(ownLines(r))))
        .chain(
            () ->
                StoredRows.documents(
                    s,
                    all.invoices.values().stream()
                        .flatMap(List::stream)
                        .map(OwnLines::invoice)
                        .toList()))
        .invoke(all.documents::putAll)
        .replaceWith(all);
  }

  private static OwnLines ownLines(Row r) {
    Set<Integer> lines =
        Stream.of(r.text(2).split(","))
            .filter(line -> !line.isEmpty())
            .map(Integer::valueOf)
            .collect(Collectors.toSet());
    return new OwnLines(r.uuid(1), lines);
  }
}
