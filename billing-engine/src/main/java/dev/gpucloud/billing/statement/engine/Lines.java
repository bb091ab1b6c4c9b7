package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.invoice.engine.Vat;
import dev.gpucloud.billing.rating.engine.Factor;
import dev.gpucloud.billing.rating.engine.RatedRow;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    private final Map<Price, ExactSum> hours = new HashMap<>();
    private Rational other = Rational.ZERO;
    private Rational otherQuantity = Rational.ZERO;
    private Rational credits = Rational.ZERO;
    private @Nullable LastUse booked;

    @Nullable LastUse lastUse() {
      LastUse rated =
          parts.stream().map(Part::row).max(RatedRow.BY_USAGE_TIME).map(LastUse::of).orElse(null);
      return booked == null || rated != null && rated.compareTo(booked) > 0 ? rated : booked;
    }

    /** Before credits. */
    Rational gross() {
      return hours.entrySet().stream()
          .map(each -> each.getKey().unitKrwPerHour().multiply(each.getValue().value()))
          .reduce(other, Rational::add);
    }

    Rational exact() {
      return gross().subtract(credits);
    }

    Rational quantity() {
      return hours.values().stream().map(ExactSum::value).reduce(otherQuantity, Rational::add);
    }
  }

  void add(Key key, Part part) {
    Open line = open.computeIfAbsent(key, k -> new Open());
    line.parts.add(part);
    line.hours
        .computeIfAbsent(new Price(part.basePrice(), part.factors()), price -> new ExactSum())
        .add(part.quantityHours());
    if (!part.burns().isEmpty()) {
      line.credits = line.credits.add(part.creditAmount());
    }
  }

  /** Usage that was rated before. */
  void add(Key key, BookedUsage usage) {
    Open line = open.computeIfAbsent(key, k -> new Open());
    line.hours
        .computeIfAbsent(new Price(usage.unitPriceKrwPerHour(), List.of()), price -> new ExactSum())
        .add(usage.quantityHours());
    if (line.booked == null || line.booked.compareTo(usage.last()) < 0) {
      line.booked = usage.last();
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

  /** The lines of each tax type bear their own VAT, once. */
  Document document(boolean includesVat) {
    List<Exact> exact =
        open.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(each -> new Exact(each.getKey(), each.getValue().exact(), each.getValue()))
            .toList();
    var lines = new StatementLine[exact.size()];
    for (TaxType type : TaxType.values()) {
      int[] of =
          IntStream.range(0, lines.length)
              .filter(i -> exact.get(i).key().taxType() == type)
              .toArray();
      List<Won> amounts = Arrays.stream(of).mapToObj(i -> exact.get(i).amount()).toList();
      Taxed taxed = Taxed.of(amounts, type, includesVat);
      for (int i = 0; i < of.length; i++) {
        lines[of[i]] =
            exact.get(of[i]).line(of[i] + 1, taxed.supplies().get(i), taxed.vats().get(i));
      }
    }
    List<StatementLine> all = List.of(lines);
    return new Document(
        all,
        sum(all.stream().map(StatementLine::supply)),
        sum(all.stream().map(StatementLine::vat)));
  }

  private static Won sum(Stream<Won> won) {
    return won.reduce(Won.ZERO, Won::plus);
  }

  /** Supply value and VAT of each of the lines of one tax type. */
  private record Taxed(List<Won> supplies, List<Won> vats) {
    static Taxed of(List<Won> amounts, TaxType type, boolean includesVat) {
      if (type != TaxType.TAXED) {
        return new Taxed(amounts, amounts.stream().map(a -> Won.ZERO).toList());
      }
      if (!includesVat) {
        return new Taxed(amounts, Vat.ofItems(amounts, Vat.of(sum(amounts.stream()))));
      }
      List<Won> supplies = Vat.inclusive(amounts).lineSupplies();
      return new Taxed(
          supplies,
          IntStream.range(0, amounts.size())
              .mapToObj(i -> amounts.get(i).minus(supplies.get(i)))
              .toList());
    }
  }

  /** A line whose exact amount is known. */
  private record Exact(Key key, Rational exact, Open open) {
    Won amount() {
      return new Won(exact.roundHalfUpToLong());
    }

    StatementLine line(int number, Won supply, Won vat) {
      return new StatementLine(
          number,
          key,
          open.quantity(),
          exact,
          amount(),
          supply,
          vat,
          open.parts.stream().sorted(BY_INSTANCE).toList(),
          open.lastUse());
    }
  }
}
