package dev.gpucloud.verifier;

import java.math.BigInteger;

/** A recomputed stretch of a run at one price; {@code net} is what credits leave of it. */
final class ExpectedRow {
  final String runId;
  final String line;
  final String description;
  final long startMillis;
  final PriceList.Quote quote;
  final int units;
  final String tenantId;
  long endMillis;
  long paddingMillis;
  Fraction credited = Fraction.ZERO;

  ExpectedRow(
      String runId,
      String tenantId,
      String line,
      String description,
      long startMillis,
      long endMillis,
      PriceList.Quote quote,
      int units) {
    this.runId = runId;
    this.tenantId = tenantId;
    this.line = line;
    this.description = description;
    this.startMillis = startMillis;
    this.endMillis = endMillis;
    this.quote = quote;
    this.units = units;
  }

  long billedMillis() {
    return endMillis - startMillis + paddingMillis;
  }

  Fraction gross() {
    Fraction hours =
        new Fraction(BigInteger.valueOf(billedMillis()), BigInteger.valueOf(3_600_000));
    return quote.perUnitHour().times(hours).times(Fraction.of(units));
  }

  Fraction net() {
    return gross().minus(credited);
  }
}
