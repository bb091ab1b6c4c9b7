package dev.gpucloud.billing.rating.engine;

import java.time.Instant;
import java.util.List;

/** What rating yields: rows, and the stretches for which no price was in force. */
public record Rating(List<RatedRow> rows, List<Unpriced> unpriced) {
  /** Usage of a SKU that had no price from this instant on. */
  public record Unpriced(String sku, Instant from) {}

  public Rating {
    rows = List.copyOf(rows);
    unpriced = List.copyOf(unpriced);
  }
}
