package dev.gpucloud.tenant.budgets.engine;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * How far a budget was used when it was looked at last: the window, GPU-seconds, the highest
 * threshold reached in per cent (0 for none), and whether all is used.
 */
public record BudgetMeter(BudgetWindow window, long usedSeconds, int warnedPct, boolean exhausted) {
  private static final long SECONDS_PER_HOUR = 3600;

  /** What others are to be told of, the most important first; the fact carries all of it. */
  public enum News {
    EXHAUSTED,
    WARNED,
    RENEWED
  }

  /** What may be used in a window, and at which percentages to warn. */
  public record Terms(@Nullable Long limitGpuHours, Collection<Integer> warnAtPct) {
    long limitSeconds() {
      return limitGpuHours == null
          ? Long.MAX_VALUE
          : Math.multiplyExact(limitGpuHours, SECONDS_PER_HOUR);
    }
  }

  /** A meter that has seen nothing. */
  public static BudgetMeter fresh(BudgetWindow window) {
    return new BudgetMeter(window, 0, 0, false);
  }

  /** The meter at a reading; a threshold counts as reached when used equals it. */
  public static BudgetMeter read(
      Terms terms, BudgetWindow window, boolean inWindow, long usedSeconds) {
    long limit = terms.limitSeconds();
    if (limit == Long.MAX_VALUE) {
      return new BudgetMeter(window, usedSeconds, 0, false);
    }
    int warned =
        terms.warnAtPct().stream()
            .filter(pct -> reaches(usedSeconds, pct, limit))
            .max(Integer::compare)
            .orElse(0);
    return new BudgetMeter(window, usedSeconds, warned, inWindow && usedSeconds >= limit);
  }

  private static boolean reaches(long used, int pct, long limit) {
    return Math.multiplyHigh(used, 100L) > Math.multiplyHigh(limit, (long) pct)
        || (Math.multiplyHigh(used, 100L) == Math.multiplyHigh(limit, (long) pct)
            && Long.compareUnsigned(used * 100L, limit * pct) >= 0);
  }

  /** What is new against the meter of before; null when nobody needs to be told. */
  public @Nullable News since(BudgetMeter before) {
    boolean renewed = !window.equals(before.window());
    if (exhausted && (renewed || !before.exhausted())) {
      return News.EXHAUSTED;
    }
    if (warnedPct > (renewed ? 0 : before.warnedPct())) {
      return News.WARNED;
    }
    boolean open = before.exhausted() && !exhausted;
    return renewed || open ? News.RENEWED : null;
  }
}
