package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.metering.engine.EventLog.Metered;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A run that went on, without proof, when an invoice of a month was made: that counts it up to 60
 * seconds after it was last seen alive.
 */
record EstimatedEnd(BillingMonth month, String run, Instant aliveThrough) {

  static List<EstimatedEnd> of(Fields account) {
    var once = new Once();
    return account.list("estimatedEnds").stream().map(f -> read(f, once)).toList();
  }

  private static EstimatedEnd read(Fields f, Once once) {
    var end = new EstimatedEnd(f.month("month"), f.text("runId"), f.start("aliveThrough"));
    once.check(f, "runId", "estimated end of " + end.run + " in " + end.month);
    f.end();
    return end;
  }

  /** What is metered as a month counts it: a true stop, or later proof, goes before. */
  static Metered apply(List<EstimatedEnd> all, BillingMonth of, Metered metered, Names names) {
    Map<RunId, Instant> lastSeen = new HashMap<>();
    all.stream()
        .filter(end -> end.month.equals(of))
        .forEach(end -> lastSeen.put(names.run(end.run), end.aliveThrough));
    return lastSeen.isEmpty() ? metered : metered.withoutProof(lastSeen, of.end());
  }
}
