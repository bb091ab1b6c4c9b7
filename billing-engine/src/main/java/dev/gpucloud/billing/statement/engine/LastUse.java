package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.billing.rating.engine.PriceUnit;
import dev.gpucloud.billing.rating.engine.RatedRow;
import dev.gpucloud.contracts.id.RunId;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;

/**
 * The row of a line that comes last by usage time: names that changed meanwhile stand on the line
 * as they were then.
 *
 * @param label what was used, in words
 */
public record LastUse(
    Instant start, Instant end, RunId run, String projectSlug, PriceUnit unit, String label)
    implements Comparable<LastUse> {
  private static final Comparator<LastUse> ORDER =
      Comparator.comparing(LastUse::start)
          .thenComparing(LastUse::end)
          .thenComparing(u -> u.run().value(), RatedRow::compareAsText);

  static LastUse of(RatedRow row) {
    return new LastUse(
        row.start(),
        row.end(),
        row.runId(),
        row.scope().projectSlug(),
        row.price().unit(),
        label(row.shape()));
  }

  private static String label(Shape shape) {
    return "%s, %s, %s"
        .formatted(
            shape.migProfile() == null ? shape.gpuModel() : shape.instanceType(),
            shape.purchaseClass().toLowerCase(Locale.ROOT).replace('_', '-'),
            shape.region());
  }

  @Override
  public int compareTo(LastUse other) {
    return ORDER.compare(this, other);
  }
}
