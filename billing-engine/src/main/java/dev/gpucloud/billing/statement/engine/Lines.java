package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.invoice.engine.Vat;
import dev.gpucloud.billing.rating.engine.Factor;
import dev.gpucloud.billing.rating.engine.RatedRow;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Gathers exact amounts into lines, rounds each once, and shares the document's VAT out (R2, R4).
 */
final class Lines {
  private static final Comparator<Part> BY_INSTANCE =
      Comparator.<Part, UUID>comparing(p -> p.row().instanceId().value(), RatedRow::compareAsText)
          .thenComparing(Part.BY_USAGE_TIME);

  private final Map<Key, Open> open = new HashMap<>();

  /** What an hour costs; many parts of a line cost the same. */
  private record Price(Rational base, List<Factor> factors) {
    Rational unitKrwPerHour() {
      return factors.stream().map(Factor::multiplier).reduce(base, Rational::multiply);
    }
  }

  /**
   * A line that is being gathered. Hours are summed by price and multiplied once: that is exact and
   * spares a fraction of its own for every part.
   */
  private static final class Open {
    private final List<Part> parts = new ArrayList<>();
    private final Map<Price, Rational> hours = new HashMap<>();
    private Rational other = Rational.ZERO;
    private Rational otherQuantity = Rational.ZERO;
    private Rational credits = Rational.ZERO;

    /** Before credits. */
    Rational gross() {
      return hours.entrySet().stream()
          .map(each -> each.getKey().unitKrwPerHour().multiply(each.getValue()))
          .reduce(other, Rational::add);
    }

    Rational exact() {
      return gross().subtract(credits);
    }

    Rational quantity() {
      return hours.values().stream().reduce(otherQuantity, Rational::add);
    }
  }

  void add(Key key, Part part) {
    Open line = open.computeIfAbsent(key, k -> new Open());
    line.parts.add(part);
    line.hours.merge(
        new Price(part.basePrice(), part.factors()), part.quantityHours(), Rational::add);
    if (!part.burns().isEmpty()) {
      line.credits = line.credits.add(part.creditAmount());
    }
  }

  /** An amount that stands for no row of its own, with the quantity it is for. */
  void add(Key key, Rational exact, Rational quantity, List<Part> breakdown) {
    Open line = open.computeIfAbsent(key, k -> new Open());
    line.parts.addAll(breakdown);
    line.other = line.other.add(exact);
    line.otherQuantity = line.otherQuantity.add(quantity);
  }

  /** Lines of usage after discounts and before credits, each rounded by itself. */
  Won usage() {
    return open.values().stream()
        .filter(line -> !line.hours.isEmpty())
        .map(line -> new Won(line.gross().roundHalfUpToLong()))
        .reduce(Won.ZERO, Won::plus);
  }

  /** A document of these lines. */
  record Document(List<StatementLine> lines, Won supply, Won vat) {}

  Document document(TaxType taxType, boolean includesVat) {
    List<Exact> lines =
        open.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(each -> new Exact(each.getKey(), each.getValue().exact(), each.getValue()))
            .toList();
    List<Won> amounts =
        lines.stream().map(line -> new Won(line.exact().roundHalfUpToLong())).toList();
    return includesVat && taxType == TaxType.TAXED
        ? inclusive(lines, amounts)
        : exclusive(lines, amounts, taxType);
  }

  private static Document exclusive(List<Exact> lines, List<Won> amounts, TaxType taxType) {
    Won supply = amounts.stream().reduce(Won.ZERO, Won::plus);
    Won vat = Vat.of(supply, taxType);
    List<Won> vats =
        taxType == TaxType.TAXED
            ? Vat.ofItems(amounts, vat)
            : amounts.stream().map(a -> Won.ZERO).toList();
    return new Document(lines(lines, amounts, amounts, vats), supply, vat);
  }

  private static Document inclusive(List<Exact> lines, List<Won> amounts) {
    Vat.Inclusive split = Vat.inclusive(amounts);
    var vats = new ArrayList<Won>();
    for (int i = 0; i < amounts.size(); i++) {
      vats.add(amounts.get(i).minus(split.lineSupplies().get(i)));
    }
    return new Document(
        lines(lines, amounts, split.lineSupplies(), vats), split.supplyValue(), split.vat());
  }

  /** A line whose exact amount is known. */
  private record Exact(Key key, Rational exact, Open line) {}

  private static List<StatementLine> lines(
      List<Exact> exact, List<Won> amounts, List<Won> supplies, List<Won> vats) {
    var lines = new ArrayList<StatementLine>();
    for (int i = 0; i < exact.size(); i++) {
      Open line = exact.get(i).line();
      lines.add(
          new StatementLine(
              i + 1,
              exact.get(i).key(),
              line.quantity(),
              exact.get(i).exact(),
              amounts.get(i),
              supplies.get(i),
              vats.get(i),
              line.parts.stream().sorted(BY_INSTANCE).toList()));
    }
    return List.copyOf(lines);
  }
}
