package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.contracts.money.Won;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Money paid before: a means of payment for documents written within its validity. */
public record PrepaidCredit(
    String id,
    int priority,
    Instant validFrom,
    @Nullable Instant expiresAt,
    Instant paidAt,
    Won balance) {

  static final Comparator<PrepaidCredit> ORDER =
      Comparator.comparingInt(PrepaidCredit::priority)
          .thenComparing(p -> p.expiresAt() == null ? Instant.MAX : p.expiresAt())
          .thenComparing(PrepaidCredit::paidAt)
          .thenComparing(PrepaidCredit::id);

  boolean paysAt(Instant at) {
    return !at.isBefore(validFrom) && (expiresAt == null || at.isBefore(expiresAt));
  }
}
