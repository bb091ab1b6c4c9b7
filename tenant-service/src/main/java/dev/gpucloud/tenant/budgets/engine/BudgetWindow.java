package dev.gpucloud.tenant.budgets.engine;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/** A half-open window {@code [from, to)} in which GPU-hours count against a budget. */
public record BudgetWindow(Instant from, Instant to) {
  private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");

  public BudgetWindow {
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException("a window ends after it begins");
    }
  }

  /** The calendar month of Seoul that an instant lies in. */
  public static BudgetWindow monthOf(Instant now) {
    ZonedDateTime first = now.atZone(SEOUL).truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
    return new BudgetWindow(first.toInstant(), first.plusMonths(1).toInstant());
  }

  public boolean contains(Instant now) {
    return !now.isBefore(from) && now.isBefore(to);
  }

  /** The part of the window that has passed ends here. */
  public Instant until(Instant now) {
    return now.isBefore(from) ? from : now.isBefore(to) ? now : to;
  }
}
