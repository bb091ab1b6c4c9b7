package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A promotional credit with what is left of it, exact. It covers usage from {@code validFrom} until
 * {@code expiresAt} (exclusive; null = never ends).
 */
public record CreditGrant(
    UUID id,
    String name,
    int priority,
    Instant validFrom,
    @Nullable Instant expiresAt,
    Instant grantedAt,
    Rational balance) {

  /** Priority, then earliest expiry, then age; the id makes the order total. */
  static final Comparator<CreditGrant> BURN_ORDER =
      Comparator.comparingInt(CreditGrant::priority)
          .thenComparing(g -> g.expiresAt() == null ? Instant.MAX : g.expiresAt())
          .thenComparing(CreditGrant::grantedAt)
          .thenComparing(g -> g.id().toString());

  boolean coversUsageAt(Instant instant) {
    return !instant.isBefore(validFrom) && (expiresAt == null || instant.isBefore(expiresAt));
  }
}
