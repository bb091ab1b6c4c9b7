package dev.gpucloud.billing.payment.engine;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collection;

/**
 * Open won by how many days they are late.
 *
 * @param notDue last day to pay not over yet
 * @param to30 1 to 30 days late, and so on
 */
public record Ageing(long notDue, long to30, long to60, long to90, long over90) {
  private static final Ageing NOTHING = new Ageing(0, 0, 0, 0, 0);

  /** Sorts what is open on a day in Seoul. */
  public static Ageing of(Collection<OpenInvoice> open, LocalDate today) {
    return open.stream()
        .map(i -> of(i.openKrw(), ChronoUnit.DAYS.between(i.dueOn(), today)))
        .reduce(NOTHING, Ageing::plus);
  }

  private static Ageing of(long won, long daysLate) {
    if (daysLate <= 0) {
      return new Ageing(won, 0, 0, 0, 0);
    }
    if (daysLate <= 30) {
      return new Ageing(0, won, 0, 0, 0);
    }
    if (daysLate <= 60) {
      return new Ageing(0, 0, won, 0, 0);
    }
    return daysLate <= 90 ? new Ageing(0, 0, 0, won, 0) : new Ageing(0, 0, 0, 0, won);
  }

  /** Both together. */
  public Ageing plus(Ageing other) {
    return new Ageing(
        Math.addExact(notDue, other.notDue),
        Math.addExact(to30, other.to30),
        Math.addExact(to60, other.to60),
        Math.addExact(to90, other.to90),
        Math.addExact(over90, other.over90));
  }

  public long overdue() {
    return to30 + to60 + to90 + over90;
  }

  public long total() {
    return notDue + overdue();
  }
}
