package dev.gpucloud.billing.document.focus;

import dev.gpucloud.billing.document.focus.Charge.CommitmentShare;
import dev.gpucloud.billing.document.focus.Charge.Costs;
import dev.gpucloud.billing.document.focus.Charge.Pricing;
import dev.gpucloud.billing.document.invoice.Commitment;
import dev.gpucloud.billing.document.invoice.ExactRow;
import dev.gpucloud.billing.document.invoice.InvoiceLine;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The charges of one line: its exact rows, what stands on the line alone, the unused part of a
 * commitment, and the rounding that makes them sum to the line's supply value to the last decimal.
 */
final class Charges {
  private static final Rational NET_OF_VAT = Rational.of(10, 11);

  private final IssuedInvoice invoice;
  private final InvoiceLine line;
  private final Sku sku;
  private final Rational net;
  private final List<Charge> charges = new ArrayList<>();

  private Charges(IssuedInvoice invoice, InvoiceLine line) {
    this.invoice = invoice;
    this.line = line;
    this.sku = Sku.parse(line.sku());
    this.net = invoice.pricesIncludeVat() ? NET_OF_VAT : Rational.ONE;
  }

  static List<Charge> of(IssuedInvoice invoice, InvoiceLine line) {
    var charges = new Charges(invoice, line);
    line.rows().forEach(charges::addRow);
    charges.addOwn();
    charges.addUnused();
    charges.addRounding();
    return List.copyOf(charges.charges);
  }

  private Rational net(Rational amount) {
    return amount.multiply(net);
  }

  private String nextId() {
    return invoice.number() + "/" + line.number() + "/" + (charges.size() + 1);
  }

  private String unit() {
    return line.unit() == InvoiceLine.Unit.INSTANCE_HOUR ? "Instance-Hours" : "GPU-Hours";
  }

  // ---- the exact rows

  private void addRow(ExactRow row) {
    charges.add(row.isCovered() ? covered(row) : used(row));
    if (!row.credit().isZero()) {
      charges.add(
          charge(
              ChargeCategory.CREDIT,
              "Promotional credit on " + line.description(),
              row.start(),
              row.end(),
              Costs.all(net(row.credit().negate())),
              null,
              null,
              row));
    }
  }

  private Charge used(ExactRow row) {
    Rational billed = net(row.rated());
    Rational list = net(row.quantityHours().multiply(row.listPriceKrwPerHour()));
    return charge(
        ChargeCategory.USAGE,
        line.description(),
        row.start(),
        row.end(),
        new Costs(billed, billed, list, billed),
        pricing(row, sku.isDynamic() ? "Dynamic" : "Standard", row.unitPriceKrwPerHour()),
        null,
        row);
  }

  private Charge covered(ExactRow row) {
    Rational list = net(row.quantityHours().multiply(row.listPriceKrwPerHour()));
    Rational effective = net(row.quantityHours().multiply(commitmentPrice()));
    return charge(
        ChargeCategory.USAGE,
        line.description() + ", within a commitment",
        row.start(),
        row.end(),
        new Costs(Rational.ZERO, effective, list, list),
        pricing(row, "Committed", row.listPriceKrwPerHour()),
        share("Used", row.quantityHours()),
        row);
  }

  private Pricing pricing(ExactRow row, String category, Rational contracted) {
    return new Pricing(
        category,
        sku.id(),
        sku.priceId(),
        row.priceVersion(),
        sku.region(),
        row.quantityHours(),
        unit(),
        net(row.listPriceKrwPerHour()),
        net(contracted));
  }

  // ---- what stands on the line itself

  private void addOwn() {
    Rational own = line.ownExact();
    if (own.isZero()) {
      return;
    }
    switch (line.category()) {
      case COMMITMENT_FEE, UNUSED -> charges.add(purchase(net(own)));
      case CREDIT, SLA -> charges.add(plain(ChargeCategory.CREDIT, net(own), null));
      case CORRECTION -> charges.add(plain(ChargeCategory.USAGE, net(own), correctedPrice()));
      case TRUE_UP, USAGE, OVERAGE -> charges.add(plain(ChargeCategory.ADJUSTMENT, net(own), null));
    }
  }

  private Charge plain(ChargeCategory category, Rational amount, @Nullable Pricing pricing) {
    return charge(
        category,
        line.description(),
        line.originalMonth().start(),
        line.originalMonth().end(),
        Costs.all(amount),
        pricing,
        category == ChargeCategory.ADJUSTMENT ? share(null, null) : null,
        null);
  }

  private Pricing correctedPrice() {
    return new Pricing(
        "Standard",
        sku.id(),
        sku.priceId(),
        line.priceVersion(),
        sku.region(),
        null,
        null,
        null,
        null);
  }

  /** A fee buys what later rows use, so that its effective cost stands on those. */
  private Charge purchase(Rational fee) {
    boolean coversUsage = isUsageCommitment();
    Rational quantity = coversUsage ? line.quantity() : Rational.ONE;
    Rational price = quantity.isZero() ? fee : fee.divide(quantity);
    var pricing =
        new Pricing(
            "Standard",
            sku.id(),
            sku.priceId() + ".commitment",
            line.priceVersion(),
            sku.region(),
            quantity,
            coversUsage ? unit() : "Months",
            price,
            price);
    return charge(
        ChargeCategory.PURCHASE,
        line.description(),
        termStart(),
        termEnd(),
        new Costs(fee, coversUsage ? Rational.ZERO : fee, fee, fee),
        pricing,
        coversUsage ? share(null, line.quantity()) : null,
        null);
  }

  // ---- commitments

  private boolean isUsageCommitment() {
    Commitment commitment = line.commitment();
    return commitment != null
        && commitment.kind() == Commitment.Kind.USAGE
        && line.quantity().signum() > 0;
  }

  private Instant termStart() {
    Commitment commitment = line.commitment();
    BillingMonth month = line.originalMonth();
    return commitment == null ? month.start() : commitment.startIn(month);
  }

  private Instant termEnd() {
    Commitment commitment = line.commitment();
    BillingMonth month = line.originalMonth();
    return commitment == null ? month.end() : commitment.endIn(month);
  }

  private Rational commitmentPrice() {
    Commitment commitment = line.commitment();
    Rational price = commitment == null ? null : commitment.priceKrwPerHour();
    if (price != null) {
      return price;
    }
    return line.quantity().isZero() ? Rational.ZERO : line.ownExact().divide(line.quantity());
  }

  private @Nullable CommitmentShare share(@Nullable String status, @Nullable Rational quantity) {
    Commitment commitment = line.commitment();
    if (commitment == null || commitment.kind() == Commitment.Kind.FEE) {
      return null;
    }
    return new CommitmentShare(
        commitment.id(),
        commitment.name(),
        commitment.kind() == Commitment.Kind.SPEND ? "Spend" : "Usage",
        status,
        quantity,
        quantity == null ? null : unit());
  }

  /** What was paid for and not used is a row of its own, so that nobody has to subtract. */
  private void addUnused() {
    if (line.category() != LineCategory.COMMITMENT_FEE || !isUsageCommitment()) {
      return;
    }
    Rational unused =
        line.rows().stream()
            .filter(ExactRow::isCovered)
            .map(ExactRow::quantityHours)
            .reduce(line.quantity(), Rational::subtract);
    if (unused.signum() <= 0) {
      return;
    }
    Rational price = net(commitmentPrice());
    Rational worth = price.multiply(unused);
    var pricing =
        new Pricing(
            "Committed",
            sku.id(),
            sku.priceId() + ".commitment",
            line.priceVersion(),
            sku.region(),
            unused,
            unit(),
            price,
            price);
    charges.add(
        charge(
            ChargeCategory.USAGE,
            line.description() + ", unused",
            termStart(),
            termEnd(),
            new Costs(Rational.ZERO, worth, worth, worth),
            pricing,
            share("Unused", unused),
            null));
  }

  // ---- rounding

  /** Measured against the decimals that are written, not against the fractions behind them. */
  private void addRounding() {
    Rational written =
        charges.stream()
            .map(c -> Rational.parse(c.costs().billed().toDecimal12()))
            .reduce(Rational.ZERO, Rational::add);
    Rational rounding = Rational.of(line.supply().amount()).subtract(written);
    if (!rounding.isZero()) {
      charges.add(
          charge(
              ChargeCategory.ADJUSTMENT,
              "Rounding of line " + line.number() + " to 1 won",
              line.originalMonth().start(),
              line.originalMonth().end(),
              Costs.all(rounding),
              null,
              null,
              null));
    }
  }

  private Charge charge(
      ChargeCategory category,
      String description,
      Instant start,
      Instant end,
      Costs costs,
      @Nullable Pricing pricing,
      @Nullable CommitmentShare commitment,
      @Nullable ExactRow usage) {
    return new Charge(
        invoice,
        nextId(),
        category,
        line.category() == LineCategory.CORRECTION,
        description,
        start,
        end,
        costs,
        pricing,
        commitment,
        line.project(),
        usage,
        line.corrects());
  }
}
