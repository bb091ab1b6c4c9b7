package dev.gpucloud.billing.correction.engine;

import dev.gpucloud.billing.correction.engine.Correction.Outcome;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The closed months of an account: what arrived late for them is settled by the next month that is
 * closed, once.
 */
public final class ClosedMonths {

  /** The statement of a month from what had arrived by an instant. */
  @FunctionalInterface
  public interface AsKnown {
    Statement statement(BillingMonth month, Instant arrivedBy);
  }

  /** What a later close settled: what arrived after {@code from}, by {@code by}. */
  private record Step(Instant from, Instant by, BillingMode mode) {}

  /** A correction, of what arrived after {@code from}, by {@code by}. */
  public record Settled(Correction correction, Instant from, Instant by) {}

  private final AsKnown known;
  private final List<ClosedMonth> closed;
  private final LatePolicy policy;
  private final Function<BillingMonth, BillingMode> modes;

  /**
   * @param modes what each month is charged as
   */
  public ClosedMonths(
      AsKnown known,
      Collection<ClosedMonth> closed,
      LatePolicy policy,
      Function<BillingMonth, BillingMode> modes) {
    this.known = known;
    this.closed = closed.stream().sorted(Comparator.comparing(ClosedMonth::closedAt)).toList();
    this.policy = policy;
    this.modes = modes;
  }

  /**
   * What late usage changes of months before {@code open} that are closed by now. What a later
   * close has settled already is not settled again; where {@code open} is closed itself, what
   * arrived after that is left to a later month.
   */
  public List<Correction> before(BillingMonth open, Instant now) {
    return closed.stream()
        .filter(c -> !c.closedAt().isAfter(now))
        .map(ClosedMonth::month)
        .filter(month -> month.compareTo(open) < 0)
        .distinct()
        .sorted()
        .map(month -> last(month, open, now))
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<Correction> last(BillingMonth month, BillingMonth open, Instant now) {
    Step step = steps(month, open, now).getLast();
    Optional<Correction> found =
        between(MonthCharge.of(known.statement(month, step.from())), month, step);
    boolean amends = found.filter(c -> c.outcome() == Outcome.AMENDED).isPresent();
    // which documents stand is known from all that was settled before
    return amends ? Optional.of(settled(month, open, now).getLast().correction()) : found;
  }

  private Optional<Correction> between(MonthCharge charged, BillingMonth month, Step step) {
    return Corrections.between(charged, known.statement(month, step.by()), policy, step.mode());
  }

  /**
   * What each later close before {@code open} settled of a month, and {@code open} itself; in
   * order, without those for which nothing had arrived. None of a month that is not closed by now.
   */
  public List<Settled> settled(BillingMonth month, BillingMonth open, Instant now) {
    return settled(month, steps(month, open, now));
  }

  private List<Settled> settled(BillingMonth month, List<Step> steps) {
    if (steps.isEmpty()) {
      return List.of();
    }
    var all = new ArrayList<Settled>();
    MonthCharge charged = MonthCharge.of(known.statement(month, steps.getFirst().from()));
    for (Step step : steps) {
      Optional<Correction> found = between(charged, month, step);
      found.ifPresent(c -> all.add(new Settled(c, step.from(), step.by())));
      charged =
          MonthCharge.of(known.statement(month, step.by()))
              .after(charged, found.map(Correction::documents).orElse(List.of()));
    }
    return List.copyOf(all);
  }

  private List<Step> steps(BillingMonth month, BillingMonth open, Instant now) {
    Optional<Instant> own = closedAt(month).filter(at -> !at.isAfter(now));
    if (own.isEmpty()) {
      return List.of();
    }
    Instant end = closedAt(open).filter(at -> at.isBefore(now)).orElse(now);
    var steps = new ArrayList<Step>();
    Instant from = own.get();
    for (ClosedMonth later : closed) {
      boolean settles = later.month().compareTo(month) > 0 && later.month().compareTo(open) < 0;
      if (settles && later.closedAt().isAfter(from) && !later.closedAt().isAfter(now)) {
        steps.add(new Step(from, later.closedAt(), modes.apply(later.month())));
        from = later.closedAt();
      }
    }
    steps.add(new Step(from, end, modes.apply(open)));
    return steps;
  }

  private Optional<Instant> closedAt(BillingMonth month) {
    return closed.stream()
        .filter(c -> c.month().equals(month))
        .map(ClosedMonth::closedAt)
        .findFirst();
  }

  /**
   * The document of a month as it was issued, or as it was amended before {@code open}; of a month
   * that is not closed, what is known of it.
   */
  Statement documented(BillingMonth month, BillingMonth open, Instant now) {
    List<Step> steps = steps(month, open, now);
    if (steps.isEmpty()) {
      return known.statement(month, now);
    }
    List<Step> before = steps.subList(0, steps.size() - 1);
    Instant documented =
        settled(month, before).stream()
            .filter(each -> each.correction().outcome() == Outcome.AMENDED)
            .map(Settled::by)
            .reduce(steps.getFirst().from(), (first, second) -> second);
    return known.statement(month, documented);
  }
}
