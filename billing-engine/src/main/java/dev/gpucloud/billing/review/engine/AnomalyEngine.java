package dev.gpucloud.billing.review.engine;

import dev.gpucloud.billing.review.engine.Anomaly.Kind;
import dev.gpucloud.billing.review.engine.BilledMonth.Use;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares a draft with last month and with its usage. */
public final class AnomalyEngine {
  private static final long SECONDS_PER_HOUR = 3600;

  private final AnomalyThresholds thresholds;

  public AnomalyEngine(AnomalyThresholds thresholds) {
    this.thresholds = thresholds;
  }

  /** What stands out: the invoice as a whole, then SKU by SKU. */
  public List<Anomaly> compare(BilledMonth draft, BilledMonth before) {
    var found = new ArrayList<Anomaly>();
    supply(draft, before, found);
    var skus = new TreeSet<>(draft.skus().keySet());
    skus.addAll(before.skus().keySet());
    for (String sku : skus) {
      sku(sku, draft.skus().get(sku), before.skus().get(sku), found);
    }
    return List.copyOf(found);
  }

  private void supply(BilledMonth draft, BilledMonth before, List<Anomaly> found) {
    if (isFar(BigInteger.valueOf(draft.supplyKrw()), BigInteger.valueOf(before.supplyKrw()))) {
      found.add(
          new Anomaly(
              Kind.SUPPLY_CHANGED,
              "invoice",
              "%d won after %d won".formatted(draft.supplyKrw(), before.supplyKrw())));
    }
  }

  private void sku(String sku, @Nullable Use now, @Nullable Use before, List<Anomaly> found) {
    if (now == null) {
      if (before != null && before.amountKrw() >= thresholds.leastKrw()) {
        found.add(
            new Anomaly(Kind.SKU_GONE, sku, before.amountKrw() + " won last month, now none"));
      }
    } else if (before == null) {
      if (now.amountKrw() >= thresholds.leastKrw()) {
        found.add(new Anomaly(Kind.NEW_SKU, sku, now.amountKrw() + " won, none last month"));
      }
    } else if (now.gpuSeconds() > 0 && before.gpuSeconds() > 0) {
      unitCost(sku, now, before, found);
    }
  }

  /** Compares what this month's hours cost with what they would have cost at last month's rate. */
  private void unitCost(String sku, Use now, Use before, List<Anomaly> found) {
    BigInteger expected =
        BigInteger.valueOf(before.amountKrw())
            .multiply(BigInteger.valueOf(now.gpuSeconds()))
            .divide(BigInteger.valueOf(before.gpuSeconds()));
    if (isFar(BigInteger.valueOf(now.amountKrw()), expected)) {
      found.add(
          new Anomaly(
              Kind.UNIT_COST_CHANGED,
              sku,
              "%d won for %s GPU-hours, %d won at last month's rate"
                  .formatted(now.amountKrw(), hours(now), expected)));
    }
  }

  private boolean isFar(BigInteger now, BigInteger before) {
    BigInteger difference = now.subtract(before).abs();
    boolean matters = difference.compareTo(BigInteger.valueOf(thresholds.leastKrw())) >= 0;
    BigInteger share = before.abs().multiply(BigInteger.valueOf(thresholds.percent()));
    return difference.signum() > 0
        && matters
        && difference.multiply(BigInteger.valueOf(100)).compareTo(share) >= 0;
  }

  private static String hours(Use use) {
    return Long.toString(use.gpuSeconds() / SECONDS_PER_HOUR);
  }
}
