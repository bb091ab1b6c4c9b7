package dev.gpucloud.billing.spend.engine;

import java.util.Comparator;

/**
 * A part of a budget at which people are told.
 *
 * @param percent of the budget's amount, from 1 to {@link #MOST_PERCENT}
 */
public record Threshold(Basis basis, int percent) implements Comparable<Threshold> {
  public static final int MOST_PERCENT = 1000;

  private static final Comparator<Threshold> ORDER =
      Comparator.comparing(Threshold::basis).thenComparingInt(Threshold::percent);

  /** What is compared with the budget. */
  public enum Basis {
    /** What the month came to so far. */
    ACTUAL,
    /** What the month will have come to at its end. */
    FORECAST
  }

  public Threshold {
    if (percent < 1 || percent > MOST_PERCENT) {
      throw new IllegalArgumentException("expected 1 to " + MOST_PERCENT + " per cent");
    }
  }

  /**
   * Reads {@code ACTUAL:80}, which is how {@link #toString} writes it.
   *
   * @throws IllegalArgumentException when the text is anything else
   */
  public static Threshold parse(String text) {
    int colon = text.indexOf(':');
    return new Threshold(
        Basis.valueOf(text.substring(0, Math.max(0, colon))),
        Integer.parseInt(text.substring(colon + 1)));
  }

  @Override
  public int compareTo(Threshold other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return basis + ":" + percent;
  }
}
