package dev.gpucloud.billing.reconciliation;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.ratedrow.RowsDocument;
import dev.gpucloud.billing.ratedrow.StoredRow;
import dev.gpucloud.billing.reconciliation.engine.RunWitness;
import dev.gpucloud.billing.reconciliation.engine.RunWitness.Stretch;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All that is known of the runs of some accounts' month. */
final class Witnesses {
  private final BillingMonth month;
  private final Instant now;
  private final Map<UUID, Map<RunId, Known>> byTenant = new HashMap<>();
  private final Map<UUID, List<OwnLines>> invoices = new HashMap<>();
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

  void add(UUID account, OwnLines lines) {
    invoices.computeIfAbsent(account, a -> new ArrayList<>(1)).add(lines);
  }

  List<UUID> invoices() {
    return invoices.values().stream().flatMap(List::stream).map(OwnLines::invoice).toList();
  }

  void read(Map<UUID, byte[]> rows) {
    documents.putAll(rows);
  }

  /** Which lines of an invoice charge for use of the month, or correct that. */
  record OwnLines(UUID invoice, Set<Integer> lines) {}

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
   * Rows that a commitment splits are one stretch of time; what a later invoice takes back is none
   * any more.
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

  RunWitness witness(RunId run, Known known, @Nullable List<Stretch> billed) {
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
