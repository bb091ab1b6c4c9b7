package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.correction.engine.MonthCharge;
import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.ratedrow.StoredRow;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementLine;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows behind a correction line: those that were charged and are not right any more, to be
 * taken back, and the right ones. What did not change stands on neither side; the rest sums to the
 * line.
 */
public record RowChanges(List<StoredRow> takenBack, List<Part> added) {
  public static final RowChanges NONE = new RowChanges(List.of(), List.of());

  public RowChanges {
    takenBack = List.copyOf(takenBack);
    added = List.copyOf(added);
  }

  /** What makes two rows the same; a row that takes back is the same as the one taken back. */
  private record Same(
      Key key,
      String run,
      long start,
      long end,
      String category,
      String share,
      String version,
      Rational size) {}

  /** How often a row was charged, less how often it was taken back, and where it stands. */
  private static final class Charged {
    private long times;
    private final List<StoredRow> at = new ArrayList<>();
  }

  /** By line; a line whose rows do not come to its change, as after an amendment, has none. */
  static Map<Key, RowChanges> of(
      BillingMonth month, List<ChargedRow> stored, Statement now, Map<Key, Rational> changes) {
    Map<Same, Charged> charged = charged(month, stored);
    Map<Key, List<Part>> added = new HashMap<>();
    for (StatementLine line : now.lines()) {
      Key key = MonthCharge.correcting(line.key());
      for (Part part : line.parts()) {
        Charged same = charged.get(same(key, part));
        if (same != null && same.times > 0) {
          same.times--;
        } else if (!part.netAmount().isZero()) {
          added.computeIfAbsent(key, k -> new ArrayList<>()).add(part);
        }
      }
    }
    Map<Key, RowChanges> all = new HashMap<>();
    changes.forEach(
        (key, change) -> {
          RowChanges rows = of(key, charged, added.getOrDefault(key, List.of()), change);
          all.put(key, rows);
        });
    return all;
  }

  private static RowChanges of(
      Key key, Map<Same, Charged> charged, List<Part> added, Rational change) {
    var takenBack = new ArrayList<StoredRow>();
    Rational sum = added.stream().map(Part::netAmount).reduce(Rational.ZERO, Rational::add);
    for (Map.Entry<Same, Charged> e : charged.entrySet()) {
      Charged c = e.getValue();
      if (!e.getKey().key().equals(key) || c.times <= 0) {
        continue;
      }
      for (int i = 0; i < c.times && i < c.at.size(); i++) {
        takenBack.add(c.at.get(i));
        sum = sum.subtract(e.getKey().size());
      }
    }
    return sum.equals(change) ? new RowChanges(takenBack, added) : NONE;
  }

  private static Map<Same, Charged> charged(BillingMonth month, List<ChargedRow> stored) {
    Map<Same, Charged> charged = new LinkedHashMap<>();
    for (ChargedRow c : stored) {
      Rational exact = Rational.parse(c.row().exactAmount());
      if (exact.isZero()) {
        continue;
      }
      Charged same = charged.computeIfAbsent(same(c, month, exact.abs()), k -> new Charged());
      if (exact.signum() > 0) {
        same.times++;
        same.at.add(c.row());
      } else {
        same.times--;
      }
    }
    return charged;
  }

  private static Same same(ChargedRow c, BillingMonth month, Rational size) {
    return new Same(
        new Key(c.project(), c.sku(), c.lineVersion(), c.taxType(), LineCategory.CORRECTION, month),
        c.row().run().toString(),
        c.row().start().toEpochMilli(),
        c.row().end().toEpochMilli(),
        c.row().category(),
        c.row().share(),
        c.row().priceVersion(),
        size);
  }

  private static Same same(Key key, Part part) {
    return new Same(
        key,
        part.row().runId().value().toString(),
        part.row().start().toEpochMilli(),
        part.row().end().toEpochMilli(),
        part.category().name(),
        part.share().toString(),
        part.row().price().version(),
        part.netAmount());
  }
}
