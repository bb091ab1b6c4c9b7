package dev.gpucloud.tenant.engine;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides whether an API key is accepted now. What it opens then is decided where it is used. */
public final class KeyAdmission {
  private KeyAdmission() {}

  /** What is known of a key and its holder. */
  public record Known(
      byte[] secretHash,
      Instant expiresAt,
      @Nullable Instant revokedAt,
      boolean holderActive,
      TenantState tenantState) {}

  /**
   * The reason against, or empty. Who has not the secret learns nothing but that.
   *
   * @param presentedHash hash of the secret that was sent
   */
  public static Optional<KeyRefusal> refusal(Known key, byte[] presentedHash, Instant now) {
    if (!MessageDigest.isEqual(key.secretHash(), presentedHash)) {
      return Optional.of(KeyRefusal.UNKNOWN);
    }
    if (key.revokedAt() != null) {
      return Optional.of(KeyRefusal.REVOKED);
    }
    if (!now.isBefore(key.expiresAt())) {
      return Optional.of(KeyRefusal.EXPIRED);
    }
    if (!key.holderActive()) {
      return Optional.of(KeyRefusal.HOLDER_GONE);
    }
    return key.tenantState() == TenantState.CLOSED
        ? Optional.of(KeyRefusal.TENANT_CLOSED)
        : Optional.empty();
  }
}
