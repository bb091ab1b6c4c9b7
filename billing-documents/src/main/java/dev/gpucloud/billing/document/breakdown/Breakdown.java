package dev.gpucloud.billing.document.breakdown;

import dev.gpucloud.billing.document.invoice.ExactRow;
import dev.gpucloud.billing.document.invoice.InvoiceLine;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An issued invoice by who bears it or by what it is for, in whole won: the parts sum to its supply
 * value, VAT and total.
 */
public record Breakdown(By by, List<Part> parts) {
  public Breakdown {
    parts = List.copyOf(parts);
  }

  /** What an invoice is broken down by. */
  public enum By {
    /** Projects; what is the account's own stands under an empty key. */
    PROJECT,
    /** SKUs and fees over all projects: the consolidated view. */
    SKU,
    /** Cost centres; what has none stands under an empty key. */
    COST_CENTER
  }

  /** A part of the invoice; {@code hours} counts what was used by the hour. */
  public record Part(String key, Rational hours, Won supply, Won vat) {
    public Won total() {
      return supply.plus(vat);
    }

    private Part plus(Part other) {
      return new Part(key, hours.add(other.hours), supply.plus(other.supply), vat.plus(other.vat));
    }
  }

  public static Breakdown of(IssuedInvoice invoice, By by) {
    var parts = new TreeMap<String, Part>();
    for (InvoiceLine line : invoice.lines()) {
      List<Part> of = by == By.COST_CENTER ? byCostCenter(line) : List.of(whole(line, by));
      of.forEach(p -> parts.merge(p.key(), p, Part::plus));
    }
    return new Breakdown(by, List.copyOf(parts.values()));
  }

  private static Part whole(InvoiceLine line, By by) {
    String project = line.project() == null ? "" : line.project().name();
    return new Part(
        by == By.PROJECT ? project : line.sku(),
        line.unit() == InvoiceLine.Unit.NONE ? Rational.ZERO : line.quantity(),
        line.supply(),
        line.vat());
  }

  private static List<Part> byCostCenter(InvoiceLine line) {
    var exact = new TreeMap<String, Rational>();
    var hours = new TreeMap<String, Rational>();
    for (ExactRow row : line.rows()) {
      String key = Objects.requireNonNullElse(row.costCenter(), "");
      exact.merge(key, row.exact(), Rational::add);
      hours.merge(key, row.quantityHours(), Rational::add);
    }
    if (!line.ownExact().isZero() || exact.isEmpty()) {
      exact.merge("", line.ownExact(), Rational::add);
    }
    SortedMap<String, Won> supply = Shares.split(line.supply(), exact);
    SortedMap<String, Won> vat = Shares.split(line.vat(), exact);
    return exact.keySet().stream()
        .map(
            key ->
                new Part(
                    key,
                    hours.getOrDefault(key, Rational.ZERO),
                    Objects.requireNonNull(supply.get(key)),
                    Objects.requireNonNull(vat.get(key))))
        .toList();
  }
}
