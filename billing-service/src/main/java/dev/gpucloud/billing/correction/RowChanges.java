package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.correction.engine.MonthCharge;
import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.ratedrow.StoredRow;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementLine;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What changed of the rows of a line: those that were charged and are not right any more, to be
 * taken back, and the right ones. What did not change stands on neither side.
 */
public record RowChanges(List<StoredRow> takenBack, List<Part> added) {
  public static final RowChanges NONE = new RowChanges(List.of(), List.of());

  public RowChanges {
    takenBack = List.copyOf(takenBack);
    added = List.copyOf(added);
  }

  public boolean isEmpty() {
    return takenBack.isEmpty() && added.isEmpty();
  }

  /**
   * Those behind a correction line, which sum to its change; none if they do not, as after a note
   * whose rows were not kept. Rows that cost nothing are not shown.
   */
  RowChanges behind(Rational change) {
    var some = new RowChanges(takenBack.stream().filter(r -> !isFree(r)).toList(), costly());
    return some.sum().equals(change) ? some : NONE;
  }

  /** All but those that stand behind a line. */
  RowChanges without(RowChanges shown) {
    return shown.isEmpty()
        ? this
        : new RowChanges(
            takenBack.stream().filter(RowChanges::isFree).toList(),
            added.stream().filter(p -> p.netAmount().isZero()).toList());
  }

  /** The rows as those of a line, the ones that take back first. */
  public List<StoredRow> rows(int line, int after) {
    int number = after;
    var rows = new ArrayList<StoredRow>();
    for (StoredRow row : takenBack) {
      rows.add(row.takenBack(line, ++number));
    }
    for (Part part : added) {
      rows.add(StoredRow.of(line, ++number, part));
    }
    return rows;
  }

  Rational sum() {
    Rational more = added.stream().map(Part::netAmount).reduce(Rational.ZERO, Rational::add);
    return takenBack.stream().map(RowChanges::exact).reduce(more, Rational::subtract);
  }

  private List<Part> costly() {
    return added.stream().filter(p -> !p.netAmount().isZero()).toList();
  }

  private static Rational exact(StoredRow row) {
    return Rational.parse(row.exactAmount());
  }

  private static boolean isFree(StoredRow row) {
    return exact(row).isZero();
  }

  // ---- time

  private record Stretch(RunId run, Instant start, Instant end, long padding) {}

  /** Whether runs are charged for other times than before, whatever they cost. */
  static boolean changeTime(Collection<RowChanges> all) {
    var more = new HashMap<Stretch, Rational>();
    for (RowChanges rows : all) {
      for (StoredRow r : rows.takenBack()) {
        var stretch = new Stretch(new RunId(r.run()), r.start(), r.end(), r.paddingMillis());
        more.merge(stretch, Rational.parse(r.share()).negate(), Rational::add);
      }
      for (Part p : rows.added()) {
        var stretch =
            new Stretch(p.row().runId(), p.row().start(), p.row().end(), p.row().paddingMillis());
        more.merge(stretch, p.share(), Rational::add);
      }
    }
    return more.values().stream().anyMatch(share -> !share.isZero());
  }

  // ---- comparing

  /** What makes two rows the same; a row that takes back is the same as the one taken back. */
  private record Same(
      Key key,
      String run,
      long start,
      long end,
      long padding,
      String category,
      String share,
      String version,
      Rational size) {}

  /** How often a row was charged, less how often it was taken back, and where it stands. */
  private static final class Charged {
    private long times;
    private final List<StoredRow> at = new ArrayList<>();
  }

  /** By line; one of which no row changed has no entry. */
  static Map<Key, RowChanges> of(BillingMonth month, List<ChargedRow> stored, Statement now) {
    Map<Same, Charged> charged = charged(month, stored);
    var added = new HashMap<Key, List<Part>>();
    for (StatementLine line : now.lines()) {
      Key key = MonthCharge.correcting(line.key());
      for (Part part : line.parts()) {
        Charged same = charged.get(same(key, part));
        if (same != null && same.times > 0) {
          same.times--;
        } else {
          added.computeIfAbsent(key, k -> new ArrayList<>()).add(part);
        }
      }
    }
    var takenBack = new HashMap<Key, List<StoredRow>>();
    charged.forEach(
        (same, c) -> {
          for (int i = 0; i < c.times && i < c.at.size(); i++) {
            takenBack.computeIfAbsent(same.key(), k -> new ArrayList<>()).add(c.at.get(i));
          }
        });
    var all = new HashMap<Key, RowChanges>();
    added.forEach(
        (key, rows) -> all.put(key, new RowChanges(takenBack.getOrDefault(key, List.of()), rows)));
    takenBack.forEach((key, rows) -> all.putIfAbsent(key, new RowChanges(rows, List.of())));
    return all;
  }

  private static Map<Same, Charged> charged(BillingMonth month, List<ChargedRow> stored) {
    Map<Same, Charged> charged = new LinkedHashMap<>();
    for (ChargedRow c : stored) {
      Charged same = charged.computeIfAbsent(same(c, month), k -> new Charged());
      if (c.row().takesBack()) {
        same.times--;
      } else {
        same.times++;
        same.at.add(c.row());
      }
    }
    return charged;
  }

  private static Same same(ChargedRow c, BillingMonth month) {
    return new Same(
        new Key(c.project(), c.sku(), c.lineVersion(), c.taxType(), LineCategory.CORRECTION, month),
        c.row().run().toString(),
        c.row().start().toEpochMilli(),
        c.row().end().toEpochMilli(),
        Math.abs(c.row().paddingMillis()),
        c.row().category(),
        c.row().share(),
        c.row().priceVersion(),
        exact(c.row()).abs());
  }

  private static Same same(Key key, Part part) {
    return new Same(
        key,
        part.row().runId().value().toString(),
        part.row().start().toEpochMilli(),
        part.row().end().toEpochMilli(),
        part.row().paddingMillis(),
        part.category().name(),
        part.share().toString(),
        part.priceVersion(),
        part.netAmount());
  }
}
