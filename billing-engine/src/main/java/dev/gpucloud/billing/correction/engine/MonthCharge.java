package dev.gpucloud.billing.correction.engine;

import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementLine;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a month comes to, or what was charged for it so far: whole won, and the exact amounts behind
 * them by the key that a correction of them has.
 */
public record MonthCharge(Won supplyValue, Won vat, Map<Key, Rational> exact) {
  public MonthCharge {
    exact = Map.copyOf(exact);
  }

  public static MonthCharge of(Statement statement) {
    var exact = new TreeMap<Key, Rational>();
    for (StatementLine line : statement.lines()) {
      exact.merge(correcting(line.key()), line.exact(), Rational::add);
    }
    return new MonthCharge(statement.supplyValue(), statement.vat(), exact);
  }

  /** The key of a line that corrects lines of this one. */
  public static Key correcting(Key key) {
    return new Key(
        key.project(),
        key.item(),
        key.version(),
        key.taxType(),
        LineCategory.CORRECTION,
        key.originalMonth());
  }
}
