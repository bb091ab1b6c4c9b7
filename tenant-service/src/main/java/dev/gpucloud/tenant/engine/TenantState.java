package dev.gpucloud.tenant.engine;

import java.util.EnumSet;
import java.util.Set;

/** Life of a tenant: APPLIED, APPROVED, ACTIVE, perhaps SUSPENDED and back, CLOSING, CLOSED. */
public enum TenantState {
  APPLIED,
  APPROVED,
  ACTIVE,
  SUSPENDED,
  CLOSING,
  CLOSED;

  /** The states that may come next. */
  public Set<TenantState> next() {
    return switch (this) {
      case APPLIED -> EnumSet.of(APPROVED, CLOSED);
      case APPROVED -> EnumSet.of(ACTIVE, CLOSED);
      case ACTIVE -> EnumSet.of(SUSPENDED, CLOSING);
      case SUSPENDED -> EnumSet.of(ACTIVE, CLOSING);
      case CLOSING -> EnumSet.of(CLOSED);
      case CLOSED -> EnumSet.noneOf(TenantState.class);
    };
  }

  /** Whether its members may open projects and change them. */
  public boolean acceptsChanges() {
    return this == ACTIVE;
  }
}
