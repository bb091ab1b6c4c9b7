package dev.gpucloud.billing.payment.engine;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What follows when an invoice stays open.
 *
 * @param steps in order of their days, each later than the one before
 */
public record DunningPolicy(List<Step> steps) {

  /**
   * @param name as reports and notices show it
   * @param daysLate days after the last day to pay, above 0
   */
  public record Step(String name, int daysLate) {}

  public DunningPolicy {
    steps = List.copyOf(steps);
    int before = 0;
    for (Step step : steps) {
      if (step.daysLate() <= before) {
        throw new IllegalArgumentException(
            "step " + step.name() + " must come later than day " + before);
      }
      before = step.daysLate();
    }
  }

  /**
   * The step that is due on a day in Seoul and was not taken yet. Steps that were missed, because
   * nobody looked for some days, are left out: a customer gets the latest one alone.
   *
   * @param taken how many of the steps are behind it
   */
  public Optional<Reached> due(LocalDate dueOn, LocalDate today, int taken) {
    long late = ChronoUnit.DAYS.between(dueOn, today);
    int reached = (int) steps.stream().filter(step -> step.daysLate() <= late).count();
    return reached > taken
        ? Optional.of(new Reached(reached, steps.get(reached - 1), late))
        : Optional.empty();
  }

  /**
   * @param number from 1
   * @param daysLate on that day
   */
  public record Reached(int number, Step step, long daysLate) {}
}
