package dev.gpucloud.billing.review.engine;

import java.util.Map;

/** What an invoice comes to by SKU, usage alone, and in all. */
public record BilledMonth(long supplyKrw, Map<String, Use> skus) {
  public BilledMonth {
    skus = Map.copyOf(skus);
  }

  /** GPU-seconds used and whole won charged for them. */
  public record Use(long gpuSeconds, long amountKrw) {}
}
