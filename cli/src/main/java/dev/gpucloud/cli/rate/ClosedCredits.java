package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.correction.engine.ClosedMonth;
import dev.gpucloud.billing.correction.engine.ClosedMonths;
import dev.gpucloud.billing.correction.engine.Correction;
import dev.gpucloud.billing.statement.engine.AccountTerms;
import dev.gpucloud.billing.statement.engine.CreditUse;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What closed months take of promotional credits beyond what a price book says of them. A
 * correction of a month takes more, or gives back, as its lines do, so that no won of a credit is
 * spent twice; what a later month's invoice took is not there any more for the correction.
 */
final class ClosedCredits {
  private final Corrected corrected;
  private final ClosedMonths months;
  private final Function<BillingMonth, AccountTerms> asWritten;
  private final BiFunction<BillingMonth, Instant, Statement> known;

  /**
   * @param asWritten the account as the price book has it for a month
   * @param known the statement of a month from what had arrived by an instant
   */
  ClosedCredits(
      Corrected corrected,
      ClosedMonths months,
      Function<BillingMonth, AccountTerms> asWritten,
      BiFunction<BillingMonth, Instant, Statement> known) {
    this.corrected = corrected;
    this.months = months;
    this.asWritten = asWritten;
    this.known = known;
  }

  /** What is to be taken of the balances with which a month begins, as known by an instant. */
  Map<UUID, Rational> taken(BillingMonth of, Instant by) {
    Map<UUID, Rational> taken = new HashMap<>();
    Map<UUID, Rational> balances = balances(of);
    if (balances.isEmpty()) {
      return taken;
    }
    for (ClosedMonth closed : corrected.closed()) {
      if (closed.closedAt().isBefore(by)) {
        Map<UUID, Rational> more =
            closed.month().compareTo(of) < 0
                ? byCorrection(closed, of, by)
                : closed.month().compareTo(of) > 0 ? written(closed.month()) : Map.of();
        more.forEach((id, amount) -> taken.merge(id, amount, Rational::add));
      }
    }
    taken.replaceAll((id, amount) -> amount.min(balances.getOrDefault(id, Rational.ZERO)));
    return taken;
  }

  /**
   * What a correction takes beyond what its month took, or gives back of it. What the book already
   * counts for the month is not counted again; nor is given back what it never counted.
   */
  private Map<UUID, Rational> byCorrection(ClosedMonth closed, BillingMonth of, Instant by) {
    Map<UUID, Rational> burned = burned(closed.month(), closed.closedAt());
    Map<UUID, Rational> written = written(closed.month());
    Map<UUID, Rational> more = new HashMap<>();
    burnedNow(closed.month(), of, by)
        .forEach(
            (id, amount) -> {
              Rational before = burned.getOrDefault(id, Rational.ZERO);
              Rational counted = written.getOrDefault(id, Rational.ZERO);
              boolean takes = before.compareTo(amount) <= 0;
              Rational had = takes ? before.max(counted) : before.min(counted);
              if (takes == had.compareTo(amount) <= 0) {
                more.put(id, amount.subtract(had));
              }
            });
    return more;
  }

  /** What a month took by now, without what late usage would have that was written off. */
  private Map<UUID, Rational> burnedNow(BillingMonth month, BillingMonth of, Instant by) {
    Map<UUID, Rational> burned = burned(month, by);
    for (ClosedMonths.Settled settled : months.settled(month, of, by)) {
      if (settled.correction().outcome() == Correction.Outcome.WRITTEN_OFF) {
        burned(month, settled.by())
            .forEach((id, amount) -> burned.merge(id, amount.negate(), Rational::add));
        burned(month, settled.from())
            .forEach((id, amount) -> burned.merge(id, amount, Rational::add));
      }
    }
    return burned;
  }

  private Map<UUID, Rational> burned(BillingMonth month, Instant by) {
    Map<UUID, Rational> burned = new HashMap<>();
    for (CreditUse use : known.apply(month, by).credits()) {
      burned.put(use.credit().grant().id(), use.burned());
    }
    return burned;
  }

  /** What the book says that a month took: what the next one has less. */
  private Map<UUID, Rational> written(BillingMonth of) {
    Map<UUID, Rational> after = balances(BillingMonth.of(of.end()));
    Map<UUID, Rational> written = new HashMap<>();
    balances(of)
        .forEach((id, left) -> written.put(id, left.subtract(after.getOrDefault(id, left))));
    return written;
  }

  private Map<UUID, Rational> balances(BillingMonth of) {
    Map<UUID, Rational> balances = new HashMap<>();
    asWritten.apply(of).credits().forEach(c -> balances.put(c.grant().id(), c.grant().balance()));
    return balances;
  }
}
