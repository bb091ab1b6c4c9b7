package dev.gpucloud.tenant.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyAdmissionTest {
  private static final Instant NOW = Instant.parse("2026-11-02T03:04:05Z");
  private static final byte[] HASH = {1, 2, 3};
  private static final byte[] OTHER = {1, 2, 4};

  private static KeyAdmission.Known key(
      Instant expiresAt, @Nullable Instant revokedAt, boolean active, TenantState state) {
    return new KeyAdmission.Known(HASH, expiresAt, revokedAt, active, state);
  }

  @Test
  void acceptsUntilTheInstantOfItsExpiry() {
    KeyAdmission.Known key = key(NOW, null, true, TenantState.ACTIVE);

    assertThat(KeyAdmission.refusal(key, HASH, NOW.minusNanos(1))).isEmpty();
    assertThat(KeyAdmission.refusal(key, HASH, NOW)).contains(KeyRefusal.EXPIRED);
  }

  @Test
  void acceptsWhileTheTenantIsSuspendedButNotWhenClosed() {
    Instant later = NOW.plusSeconds(1);

    assertThat(KeyAdmission.refusal(key(later, null, true, TenantState.SUSPENDED), HASH, NOW))
        .isEmpty();
    assertThat(KeyAdmission.refusal(key(later, null, true, TenantState.CLOSED), HASH, NOW))
        .contains(KeyRefusal.TENANT_CLOSED);
  }

  @Test
  void namesRevocationBeforeExpiryAndBothBeforeTheHolder() {
    assertThat(KeyAdmission.refusal(key(NOW, NOW, false, TenantState.CLOSED), HASH, NOW))
        .contains(KeyRefusal.REVOKED);
    assertThat(KeyAdmission.refusal(key(NOW, null, false, TenantState.CLOSED), HASH, NOW))
        .contains(KeyRefusal.EXPIRED);
    assertThat(
            KeyAdmission.refusal(
                key(NOW.plusSeconds(1), null, false, TenantState.CLOSED), HASH, NOW))
        .contains(KeyRefusal.HOLDER_GONE);
  }

  @Test
  void tellsNothingToWhoHasNotTheSecret() {
    assertThat(KeyAdmission.refusal(key(NOW, NOW, false, TenantState.CLOSED), OTHER, NOW))
        .contains(KeyRefusal.UNKNOWN);
  }
}
