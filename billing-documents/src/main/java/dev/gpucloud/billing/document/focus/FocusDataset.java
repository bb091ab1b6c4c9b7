package dev.gpucloud.billing.document.focus;

import dev.gpucloud.billing.document.focus.Charge.Costs;
import dev.gpucloud.billing.document.invoice.InvoiceLine;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.invoice.engine.Vat;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * An invoice as a cost and usage dataset of FOCUS 1.2, in CSV and Parquet. The billed costs of an
 * invoice sum to its total, before what prepaid credits pay of it, to the last decimal. Costs bear
 * no VAT: that is a row of its own.
 */
public final class FocusDataset {
  /** The version of the specification whose columns and rules these are. */
  public static final String VERSION = "1.2";

  private final IssuedInvoice invoice;

  public FocusDataset(IssuedInvoice invoice) {
    this.invoice = invoice;
  }

  /** Writes a head and a line for each row, in UTF-8; the stream stays open. */
  public void writeCsv(OutputStream out) throws IOException {
    FocusCsv.write(rows(), out);
  }

  /** Writes one Parquet file; the stream stays open. */
  public void writeParquet(OutputStream out) throws IOException {
    FocusParquet.write(rows(), out);
  }

  Stream<Charge> rows() {
    Stream<Charge> charges = invoice.lines().stream().flatMap(this::chargesOf);
    return invoice.linesByTaxType().containsKey(TaxType.TAXED)
        ? Stream.concat(charges, Stream.of(tax()))
        : charges;
  }

  /** Those that bear VAT. */
  private List<InvoiceLine> taxedLines() {
    return invoice.linesByTaxType().getOrDefault(TaxType.TAXED, List.of());
  }

  private Stream<Charge> taxed() {
    return taxedLines().stream().flatMap(this::chargesOf);
  }

  /** Those that are billed by themselves: what a commitment covers is in its Purchase once. */
  private Stream<Charge> billed() {
    return taxed().filter(charge -> !charge.isPaidByPurchase());
  }

  private Stream<Charge> chargesOf(InvoiceLine line) {
    return Charges.of(invoice, line).stream();
  }

  private Charge tax() {
    var costs =
        new Costs(
            Rational.of(invoice.vat().amount()),
            taxOn(taxed(), Costs::effective),
            taxOn(billed(), Costs::list),
            taxOn(billed(), Costs::contracted));
    return new Charge(
        invoice,
        invoice.number() + "/vat",
        ChargeCategory.TAX,
        false,
        "Value added tax 10 %",
        invoice.month().start(),
        invoice.month().end(),
        costs,
        null,
        null,
        null,
        null,
        null);
  }

  /** The tax that those costs would bear; on the supply value itself, what the document says. */
  private Rational taxOn(Stream<Charge> charges, Function<Costs, Rational> cost) {
    Won sum =
        new Won(
            charges
                .map(c -> cost.apply(c.costs()))
                .reduce(Rational.ZERO, Rational::add)
                .roundHalfUpToLong());
    Won supply = taxedLines().stream().map(InvoiceLine::supply).reduce(Won.ZERO, Won::plus);
    Won tax = sum.equals(supply) ? invoice.vat() : Vat.of(sum);
    return Rational.of(tax.amount());
  }
}
