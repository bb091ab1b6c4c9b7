package dev.gpucloud.billing.document.invoice;

import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a run at one price, as it was rated: {@code exact = rated - credit}, in unrounded
 * won. Prices are per unit and hour; {@code quantityHours} is units times hours. What a commitment
 * covers is rated at nothing and has a {@code coveredBy}.
 */
public record ExactRow(
    Instance instance,
    String runId,
    Instant start,
    Instant end,
    long billedMillis,
    long paddingMillis,
    int gpus,
    int units,
    Rational quantityHours,
    String priceVersion,
    Rational listPriceKrwPerHour,
    Rational unitPriceKrwPerHour,
    String factors,
    Rational rated,
    Rational credit,
    Rational exact,
    @Nullable String costCenter,
    @Nullable String coveredBy) {

  /** What ran. */
  public record Instance(String id, String name, String type) {}

  /** Names the usage interval for ever: a run has one interval at a time. */
  public String usageIntervalId() {
    return runId + "@" + start;
  }

  public boolean isCovered() {
    return coveredBy != null;
  }
}
