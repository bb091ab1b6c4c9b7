package dev.gpucloud.billing.reconciliation;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.ratedrow.RowsDocument;
import dev.gpucloud.billing.ratedrow.StoredRow;
import dev.gpucloud.billing.reconciliation.engine.RunWitness;
import dev.gpucloud.billing.reconciliation.engine.RunWitness.Billed;
import dev.gpucloud.billing.reconciliation.engine.RunWitness.Stretch;
import dev.gpucloud.billing.reconciliation.engine.RunWitness.Uncharged;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All that is known of the runs of some accounts' month. */
final class Witnesses {
  private final BillingMonth month;
  private final Instant now;
  private final Map<UUID, Map<RunId, Known>> byTenant = new HashMap<>();
  private final Map<UUID, List<Charge>> charges = new HashMap<>();
  private final Set<UUID> takenBack = new HashSet<>();
  private final Map<UUID, byte[]> documents = new HashMap<>();

  Witnesses(BillingMonth month, Instant now) {
    this.month = month;
    this.now = now;
  }

  BillingMonth month() {
    return month;
  }

  void add(RunId run, Known known) {
    byTenant
        .computeIfAbsent(Objects.requireNonNull(known.tenant), t -> new LinkedHashMap<>())
        .put(run, known);
  }

  void add(UUID account, Charge charge) {
    charges.computeIfAbsent(account, a -> new ArrayList<>(1)).add(charge);
  }

  /** A note took back the account's invoice of the month. */
  void addTakenBack(UUID account) {
    takenBack.add(account);
  }

  List<UUID> invoices() {
    return charges.values().stream()
        .flatMap(List::stream)
        .filter(c -> c.lines() != null)
        .map(Charge::document)
        .toList();
  }

  void read(Map<UUID, byte[]> rows) {
    documents.putAll(rows);
  }

  /** What became of a settlement. */
  enum Fate {
    CHARGED,
    WRITTEN_OFF,
    TAKEN_BACK
  }

  /**
   * Rows that charge for use of the month, or correct that: of an invoice's lines, or all of a
   * document beside lines.
   *
   * @param ordinal how late usage of the month was settled, one after the other; 0 for its invoice
   */
  record Charge(UUID document, @Nullable Set<Integer> lines, int ordinal, Fate fate) {
    boolean has(StoredRow row) {
      return lines == null || lines.contains(row.line());
    }
  }

  /** The runs of an account. Costs time: call it on a worker thread. */
  List<RunWitness> of(Account account) {
    List<Charge> own = charges.get(account.id());
    Map<RunId, Settled> settled = own == null ? Map.of() : settled(own);
    boolean isTakenBack = takenBack.contains(account.id());
    return account.tenantIds().stream()
        .flatMap(t -> byTenant.getOrDefault(t, Map.of()).entrySet().stream())
        .map(
            e ->
                witness(
                    e.getKey(),
                    e.getValue(),
                    own == null
                        ? null
                        : settled.getOrDefault(e.getKey(), new Settled()).billed(isTakenBack)))
        .toList();
  }

  /** What is settled of a run so far, and what became of it. */
  private static final class Settled {
    private final List<Stretch> stretches = new ArrayList<>(1);
    private final Map<Fate, List<Stretch>> in = new EnumMap<>(Fate.class);
    private final Map<Fate, List<Stretch>> out = new EnumMap<>(Fate.class);

    /** What is taken back is no stretch any more. */
    void takeBack(Stretch stretch, Fate fate) {
      if (stretches.remove(stretch)) {
        out.computeIfAbsent(fate, f -> new ArrayList<>(1)).add(stretch);
      }
    }

    /** Rows that a commitment splits are one stretch of time. */
    void add(Stretch stretch, Fate fate) {
      if (!stretches.contains(stretch)) {
        stretches.add(stretch);
        in.computeIfAbsent(fate, f -> new ArrayList<>(1)).add(stretch);
      }
    }

    Billed billed(boolean isTakenBack) {
      return new Billed(stretches, change(Fate.WRITTEN_OFF), change(Fate.TAKEN_BACK), isTakenBack);
    }

    private Uncharged change(Fate fate) {
      return new Uncharged(in.getOrDefault(fate, List.of()), out.getOrDefault(fate, List.of()));
    }
  }

  /** In the order in which it was settled: the invoice first, then what corrects it. */
  private Map<RunId, Settled> settled(List<Charge> own) {
    var settled = new HashMap<RunId, Settled>();
    own.stream()
        .collect(Collectors.groupingBy(Charge::ordinal, TreeMap::new, Collectors.toList()))
        .values()
        .forEach(together -> settle(settled, together));
    return settled;
  }

  private void settle(Map<RunId, Settled> settled, List<Charge> together) {
    Fate fate = together.getFirst().fate();
    List<StoredRow> rows = together.stream().flatMap(this::rows).toList();
    for (StoredRow r : rows) {
      if (r.takesBack()) {
        of(settled, r).takeBack(new Stretch(r.start(), r.end(), -r.paddingMillis()), fate);
      }
    }
    for (StoredRow r : rows) {
      if (!r.takesBack()) {
        of(settled, r).add(new Stretch(r.start(), r.end(), r.paddingMillis()), fate);
      }
    }
  }

  private Stream<StoredRow> rows(Charge charge) {
    byte[] document = documents.get(charge.document());
    return document == null
        ? Stream.of()
        : RowsDocument.read(document).stream().filter(charge::has);
  }

  private static Settled of(Map<RunId, Settled> settled, StoredRow row) {
    return settled.computeIfAbsent(new RunId(row.run()), run -> new Settled());
  }

  RunWitness witness(RunId run, Known known, @Nullable Billed billed) {
    Instant until = now.isBefore(month.end()) ? now : month.end();
    Instant runsUntil = runsUntil(known);
    boolean isOpen = known.life.stoppedAt() == null;
    return new RunWitness(
        run,
        Objects.requireNonNull(known.instance),
        known.name,
        known.life,
        known.metered.stream().map(m -> stretch(m.start(), m.end(), 0, runsUntil, isOpen)).toList(),
        billed == null
            ? null
            : new Billed(
                cut(billed.stretches(), runsUntil, isOpen),
                cut(billed.writtenOff(), runsUntil, isOpen),
                cut(billed.takenBack(), runsUntil, isOpen),
                billed.isTakenBack()),
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

  private static Uncharged cut(Uncharged change, Instant runsUntil, boolean isOpen) {
    return new Uncharged(cut(change.in(), runsUntil, isOpen), cut(change.out(), runsUntil, isOpen));
  }

  private static List<Stretch> cut(List<Stretch> all, Instant runsUntil, boolean isOpen) {
    return all.stream()
        .map(b -> stretch(b.start(), b.end(), b.paddingMillis(), runsUntil, isOpen))
        .toList();
  }

  /** A run that goes on counts up to where it is taken to end, whatever changed after that. */
  private static Stretch stretch(
      Instant start, @Nullable Instant found, long padding, Instant runsUntil, boolean isOpen) {
    Instant end = Objects.requireNonNullElse(found, runsUntil);
    boolean isCut = isOpen && end.isAfter(runsUntil);
    return new Stretch(start, isCut ? runsUntil : end, padding);
  }
}
