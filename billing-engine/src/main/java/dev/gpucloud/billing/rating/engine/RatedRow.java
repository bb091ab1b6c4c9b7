package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.billing.metering.engine.Scope;
import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.money.Rational;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * A stretch of a run at one price, turned into exact won. {@code paddingMillis} is what rounding
 * the run up added; it stands on the row that holds the run's last instant. {@code isEndEstimated}
 * where that is taken from the run's last sign of life.
 */
public record RatedRow(
    RunId runId,
    InstanceId instanceId,
    String instanceName,
    Scope scope,
    Shape shape,
    Instant start,
    Instant end,
    long paddingMillis,
    PriceVersion price,
    List<Factor> factors,
    Rational unitPriceKrwPerHour,
    Rational amount,
    boolean isEndEstimated) {

  /** By usage time; the run id makes the order total, so that arrival order cannot matter. */
  public static final Comparator<RatedRow> BY_USAGE_TIME =
      Comparator.comparing(RatedRow::start)
          .thenComparing(RatedRow::end)
          .thenComparing(r -> r.runId().value(), RatedRow::compareAsText);

  /** In the order of their text, without making it. */
  public static int compareAsText(UUID a, UUID b) {
    int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
  }

  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

  /** Time billed, padding included. */
  public long billedMillis() {
    return Duration.between(start, end).toMillis() + paddingMillis;
  }

  /** Priced units: GPUs, or the instance where its price is per instance. */
  public int units() {
    return price.unitsOf(shape);
  }

  /** Units times hours: what the unit price is multiplied with. */
  public Rational quantityHours() {
    return Rational.of(Math.multiplyExact(billedMillis(), units()), HOUR_MILLIS);
  }

  static Rational amountOf(Rational unitPriceKrwPerHour, int units, long billedMillis) {
    return unitPriceKrwPerHour.multiply(
        Rational.of(Math.multiplyExact(billedMillis, units), HOUR_MILLIS));
  }
}
