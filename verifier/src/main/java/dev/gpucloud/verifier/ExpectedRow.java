package dev.gpucloud.verifier;

import java.math.BigInteger;

/** A recomputed stretch of a run at one price. */
final class ExpectedRow {
  final String runId;
  final String tenantId;
  final String project;
  final String sku;

  /** The model of whole GPUs, which grants pay for; null for a slice of one. */
  final String wholeModel;

  final String description;
  final long startMillis;
  final PriceList.Quote quote;
  final int units;
  final int gpus;
  long endMillis;
  long paddingMillis;

  ExpectedRow(
      String runId,
      String tenantId,
      String project,
      String sku,
      String wholeModel,
      String description,
      long startMillis,
      long endMillis,
      PriceList.Quote quote,
      int units,
      int gpus) {
    this.runId = runId;
    this.tenantId = tenantId;
    this.project = project;
    this.sku = sku;
    this.wholeModel = wholeModel;
    this.description = description;
    this.startMillis = startMillis;
    this.endMillis = endMillis;
    this.quote = quote;
    this.units = units;
    this.gpus = gpus;
  }

  long billedMillis() {
    return endMillis - startMillis + paddingMillis;
  }

  /** Units times hours. */
  Fraction quantity() {
    return new Fraction(
        BigInteger.valueOf(billedMillis()).multiply(BigInteger.valueOf(units)),
        BigInteger.valueOf(Agreed.HOUR));
  }
}
