package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.contracts.money.Rational;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prices by the quantity of a month, in units times hours. GRADUATED sells each band at its own
 * price, VOLUME all at the price of the band that the month reaches. A band's upper end belongs to
 * it.
 */
public record Tiers(Mode mode, List<Band> bands) {

  /** How bands are read. */
  public enum Mode {
    GRADUATED,
    VOLUME
  }

  /** Up to so many hours, or without end, at so many won an hour. */
  public record Band(@Nullable Rational upToHours, Rational priceKrwPerHour) {}

  public Tiers {
    bands = List.copyOf(bands);
    if (bands.isEmpty()) {
      throw new IllegalArgumentException("tiers need a band");
    }
    Rational below = Rational.ZERO;
    for (int i = 0; i < bands.size(); i++) {
      Rational upTo = bands.get(i).upToHours();
      boolean last = i == bands.size() - 1;
      if (last != (upTo == null)) {
        throw new IllegalArgumentException("the last band, and no other, has no upper end");
      }
      if (upTo != null && upTo.compareTo(below) <= 0) {
        throw new IllegalArgumentException("bands end at rising quantities");
      }
      below = upTo == null ? below : upTo;
    }
  }

  /**
   * What an hour costs on average when the month has {@code quantity} hours: exact, so that shares
   * of the quantity sum to the cost of the whole.
   */
  public Rational averagePrice(Rational quantity) {
    if (quantity.signum() <= 0) {
      return bands.getFirst().priceKrwPerHour();
    }
    return mode == Mode.VOLUME ? reached(quantity) : graduated(quantity).divide(quantity);
  }

  private Rational reached(Rational quantity) {
    for (Band band : bands) {
      Rational upTo = band.upToHours();
      if (upTo == null || quantity.compareTo(upTo) <= 0) {
        return band.priceKrwPerHour();
      }
    }
    throw new IllegalStateException("the last band has no end");
  }

  private Rational graduated(Rational quantity) {
    Rational cost = Rational.ZERO;
    Rational below = Rational.ZERO;
    for (Band band : bands) {
      Rational upTo = band.upToHours() == null ? quantity : band.upToHours().min(quantity);
      if (upTo.compareTo(below) > 0) {
        cost = cost.add(upTo.subtract(below).multiply(band.priceKrwPerHour()));
        below = upTo;
      }
    }
    return cost;
  }
}
