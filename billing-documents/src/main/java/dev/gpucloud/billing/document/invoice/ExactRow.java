package dev.gpucloud.billing.document.invoice;

import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a run at one price, as it was rated: {@code exact = rated - credit}, in unrounded
 * won. Prices are per unit and hour; {@code quantityHours} is units times hours. What a commitment
 * covers is rated at nothing and has a {@code coveredBy}. An estimated end is the last sign of life
 * of a run that had no proof of its end, and a minute.
 */
public record ExactRow(
    Instance instance,
    String runId,
    Instant start,
    Instant end,
    boolean isEndEstimated,
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

  private static final long HOUR_MILLIS = 3_600_000;
  private static final Pattern MIG = Pattern.compile("\\.mig-([0-9]+g.*)$");

  /** What ran. */
  public record Instance(String id, String name, String type) {}

  /** Names the usage interval for ever: a run has one interval at a time. */
  public String usageIntervalId() {
    return runId + "@" + start;
  }

  /** How many GPUs it has, or which part of one: a slice has none of its own. */
  public String gpusOrSlice() {
    if (gpus > 0) {
      return Integer.toString(gpus);
    }
    Matcher slices = MIG.matcher(instance.type());
    return slices.find() ? "MIG " + slices.group(1) : "MIG";
  }

  /** The part of what ran that the row charges. */
  public Rational share() {
    long all = Math.multiplyExact(billedMillis, units);
    return all == 0
        ? Rational.ONE
        : quantityHours.multiply(Rational.of(HOUR_MILLIS)).divide(Rational.of(all));
  }

  public boolean isCovered() {
    return coveredBy != null;
  }
}
