package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.invoice.engine.Vat;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gathers exact amounts into lines, rounds each once, and shares the document's VAT out (R2, R4).
 */
final class Lines {
  private static final Comparator<Part> BY_INSTANCE =
      Comparator.<Part, String>comparing(p -> p.row().instanceId().toString())
          .thenComparing(Part.BY_USAGE_TIME);

  private final Map<Key, Open> open = new TreeMap<>();

  /** A line that is being gathered. */
  private static final class Open {
    private final List<Part> parts = new ArrayList<>();
    private Rational exact = Rational.ZERO;
    private Rational quantity = Rational.ZERO;
  }

  void add(Key key, Part part) {
    Open line = open.computeIfAbsent(key, k -> new Open());
    line.parts.add(part);
    line.exact = line.exact.add(part.netAmount());
    line.quantity = line.quantity.add(part.quantityHours());
  }

  /** An amount that stands for no row of its own, with the quantity it is for. */
  void add(Key key, Rational exact, Rational quantity, List<Part> breakdown) {
    Open line = open.computeIfAbsent(key, k -> new Open());
    line.parts.addAll(breakdown);
    line.exact = line.exact.add(exact);
    line.quantity = line.quantity.add(quantity);
  }

  /** A document of these lines. */
  record Document(List<StatementLine> lines, Won supply, Won vat) {}

  Document document(TaxType taxType, boolean includesVat) {
    List<Won> amounts =
        open.values().stream().map(l -> new Won(l.exact.roundHalfUpToLong())).toList();
    return includesVat && taxType == TaxType.TAXED
        ? inclusive(amounts)
        : exclusive(amounts, taxType);
  }

  private Document exclusive(List<Won> amounts, TaxType taxType) {
    Won supply = amounts.stream().reduce(Won.ZERO, Won::plus);
    Won vat = Vat.of(supply, taxType);
    List<Won> vats =
        taxType == TaxType.TAXED
            ? Vat.ofItems(amounts, vat)
            : amounts.stream().map(a -> Won.ZERO).toList();
    return new Document(lines(amounts, amounts, vats), supply, vat);
  }

  private Document inclusive(List<Won> amounts) {
    Vat.Inclusive split = Vat.inclusive(amounts);
    var vats = new ArrayList<Won>();
    for (int i = 0; i < amounts.size(); i++) {
      vats.add(amounts.get(i).minus(split.lineSupplies().get(i)));
    }
    return new Document(
        lines(amounts, split.lineSupplies(), vats), split.supplyValue(), split.vat());
  }

  private List<StatementLine> lines(List<Won> amounts, List<Won> supplies, List<Won> vats) {
    var lines = new ArrayList<StatementLine>();
    for (var entry : open.entrySet()) {
      int i = lines.size();
      Open line = entry.getValue();
      lines.add(
          new StatementLine(
              i + 1,
              entry.getKey(),
              line.quantity,
              line.exact,
              amounts.get(i),
              supplies.get(i),
              vats.get(i),
              line.parts.stream().sorted(BY_INSTANCE).toList()));
    }
    return List.copyOf(lines);
  }
}
