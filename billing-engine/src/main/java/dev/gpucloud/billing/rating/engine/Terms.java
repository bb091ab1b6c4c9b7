package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant's prices depend on, from an instant on: its kind, its segment, and the share a
 * grant leaves it to pay until the grant ends.
 */
public record Terms(
    Instant effectiveFrom,
    String kind,
    @Nullable String segment,
    @Nullable Rational customerSharePct,
    @Nullable Instant shareEndsAt) {

  boolean shareHoldsAt(Instant instant) {
    return customerSharePct != null && (shareEndsAt == null || instant.isBefore(shareEndsAt));
  }
}
