package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.correction.engine.ClosedMonth;
import dev.gpucloud.billing.correction.engine.Correction;
import dev.gpucloud.billing.correction.engine.Corrections;
import dev.gpucloud.billing.correction.engine.MonthCharge;
import dev.gpucloud.billing.correction.engine.TakeBack;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** All of a document is taken back only while late usage has not amended it. */
final class TakeBackCheck {
  private final Corrected corrected;
  private final Corrections.AsKnown known;

  TakeBackCheck(Corrected corrected, Corrections.AsKnown known) {
    this.corrected = corrected;
    this.known = known;
  }

  /** What is wrong with the take-backs of a month, from what had arrived by an instant. */
  List<String> violations(BillingMonth open, Instant arrivedBy) {
    Instant by =
        corrected.closed().stream()
            .filter(c -> c.month().equals(open) && c.closedAt().isBefore(arrivedBy))
            .map(ClosedMonth::closedAt)
            .findFirst()
            .orElse(arrivedBy);
    var wrong = new ArrayList<String>();
    for (TakeBack back : corrected.takeBacks()) {
      Instant on = back.on().atStartOfDay(BillingMonth.ZONE).toInstant();
      if (BillingMonth.of(on).equals(open) && isAmended(back.month(), by)) {
        wrong.add(
            "%s/takeBacks/%d/month: was amended by late usage: credit what it comes to with slaCredits in place of taking all of it back, or charge late usage with the next invoice"
                .formatted(corrected.account(), corrected.takeBacks().indexOf(back)));
      }
    }
    return wrong;
  }

  private boolean isAmended(BillingMonth month, Instant by) {
    return corrected.closed().stream()
        .filter(c -> c.month().equals(month) && c.closedAt().isBefore(by))
        .anyMatch(
            c ->
                Corrections.between(
                        MonthCharge.of(known.statement(month, c.closedAt())),
                        known.statement(month, by),
                        corrected.policy())
                    .filter(found -> found.outcome() == Correction.Outcome.AMENDED)
                    .isPresent());
  }
}
