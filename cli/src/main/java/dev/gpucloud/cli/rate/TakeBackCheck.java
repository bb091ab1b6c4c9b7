package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.correction.engine.ClosedMonths;
import dev.gpucloud.billing.correction.engine.Correction;
import dev.gpucloud.billing.correction.engine.TakeBack;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** All of a document is taken back only while late usage has not amended it. */
final class TakeBackCheck {
  private final Corrected corrected;
  private final ClosedMonths months;

  TakeBackCheck(Corrected corrected, ClosedMonths months) {
    this.corrected = corrected;
    this.months = months;
  }

  /** What is wrong with the take-backs of a month, from what had arrived by an instant. */
  List<String> violations(BillingMonth open, Instant arrivedBy) {
    var wrong = new ArrayList<String>();
    for (TakeBack back : corrected.takeBacks()) {
      Instant on = back.on().atStartOfDay(BillingMonth.ZONE).toInstant();
      if (BillingMonth.of(on).equals(open) && isAmended(back.month(), open, arrivedBy)) {
        wrong.add(
            "%s/takeBacks/%d/month: was amended by late usage: credit what it comes to with slaCredits in place of taking all of it back, or charge late usage with the next invoice"
                .formatted(corrected.account(), corrected.takeBacks().indexOf(back)));
      }
    }
    return wrong;
  }

  private boolean isAmended(BillingMonth month, BillingMonth open, Instant by) {
    return months.settled(month, open, by).stream()
        .anyMatch(each -> each.correction().outcome() == Correction.Outcome.AMENDED);
  }
}
