package dev.gpucloud.tenant.engine;

/** The word for a tenant's state in rows, events and answers; {@link TenantLife} has the moves. */
public enum TenantState {
  APPLIED,
  APPROVED,
  ACTIVE,
  SUSPENDED,
  CLOSING,
  CLOSED,
  REJECTED,
  WITHDRAWN;

  /** Whether its members may open projects and change them. */
  public boolean acceptsChanges() {
    return this == ACTIVE;
  }
}
