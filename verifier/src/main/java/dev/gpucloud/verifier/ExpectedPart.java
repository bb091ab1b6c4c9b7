package dev.gpucloud.verifier;

import java.time.Instant;
import java.util.List;

/**
 * A share of a row that is charged in one way: as usage, as what runs beyond a commitment, or not
 * at all because a commitment covers it.
 */
final class ExpectedPart {
  private static final Fraction HUNDRED = Fraction.of(100);
  private static final List<String> ORDER = List.of("USAGE", "COMMITMENT_FEE", "UNUSED", "OVERAGE");

  final ExpectedRow row;
  final Fraction share;
  final String category;

  /** The commitment that covers it, or null. */
  final String coveredBy;

  /** The price of its own of what runs beyond a commitment, or null. */
  final Fraction ownPrice;

  /** The commitment whose own price that is, or null. */
  final String pricedBy;

  /** What a grant leaves to pay of it in per cent, or null. */
  final Fraction grantPct;

  /** Won an hour before percentages. */
  Fraction base;

  Fraction credited = Fraction.ZERO;

  private ExpectedPart(
      ExpectedRow row,
      Fraction share,
      String category,
      String coveredBy,
      Fraction ownPrice,
      String pricedBy,
      Fraction grantPct) {
    this.row = row;
    this.share = share;
    this.category = category;
    this.coveredBy = coveredBy;
    this.ownPrice = ownPrice;
    this.pricedBy = pricedBy;
    this.grantPct = grantPct;
    this.base = ownPrice == null ? row.quote.base() : ownPrice;
  }

  static ExpectedPart whole(ExpectedRow row) {
    return new ExpectedPart(row, Fraction.ONE, "USAGE", null, null, null, null);
  }

  ExpectedPart covered(Fraction part, String commitment) {
    return new ExpectedPart(row, share.times(part), "COMMITMENT_FEE", commitment, null, null, null);
  }

  /** What runs beyond a commitment; where that has no price of its own, one before may have. */
  ExpectedPart beyond(Fraction part, Fraction price, String commitment) {
    Fraction own = price == null ? ownPrice : price;
    String by = price == null ? pricedBy : commitment;
    return new ExpectedPart(row, share.times(part), "OVERAGE", null, own, by, null);
  }

  ExpectedPart granted(Fraction part, Fraction pct) {
    return new ExpectedPart(row, share.times(part), category, null, ownPrice, pricedBy, pct);
  }

  ExpectedPart rest(Fraction part) {
    return new ExpectedPart(row, share.times(part), category, null, ownPrice, pricedBy, null);
  }

  String priceVersion() {
    return pricedBy == null ? row.quote.version() : pricedBy;
  }

  String lineVersion() {
    return pricedBy == null ? row.quote.lineVersion() : pricedBy;
  }

  boolean isCovered() {
    return coveredBy != null;
  }

  int order() {
    return ORDER.indexOf(category);
  }

  /** Units times hours. */
  Fraction quantity() {
    return row.quantity().times(share);
  }

  /** Whatever its price is counted by. */
  Fraction gpuHours() {
    return quantity().times(Fraction.of(row.gpus)).over(Fraction.of(row.units));
  }

  Fraction perUnitHour() {
    Fraction won = base;
    if (ownPrice == null) {
      for (PriceList.Percentage percentage : row.quote.percentages()) {
        won = won.times(percentage.value()).over(HUNDRED);
      }
    }
    for (PriceList.Percentage left : row.quote.shares()) {
      won = won.times(left.value()).over(HUNDRED);
    }
    return grantPct == null ? won : won.times(grantPct).over(HUNDRED);
  }

  Fraction gross() {
    return isCovered() ? Fraction.ZERO : perUnitHour().times(quantity());
  }

  Fraction net() {
    return gross().minus(credited);
  }

  /** What a row of an invoice is known by. */
  String key() {
    String stretch = row.runId + " from " + Instant.ofEpochMilli(row.startMillis);
    return key(stretch, share, category, coveredBy == null ? "" : coveredBy);
  }

  static String key(String stretch, Fraction share, String category, String coveredBy) {
    if (share.equals(Fraction.ONE) && category.equals("USAGE")) {
      return stretch;
    }
    String by = coveredBy.isEmpty() ? "" : " by " + coveredBy;
    return "%s (%s of it %s%s)".formatted(stretch, share, category, by);
  }
}
