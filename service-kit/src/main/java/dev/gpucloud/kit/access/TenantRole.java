package dev.gpucloud.kit.access;

import java.util.EnumSet;
import java.util.Set;

/** What a member may be at a tenant or a project. */
public enum TenantRole {
  /** Runs the tenant: members, projects, everything below. */
  OWNER,
  /** Creates and deletes what runs. */
  OPERATOR,
  /** Sees what runs. */
  VIEWER,
  /** Sees usage and invoices. */
  BILLING_VIEWER;

  /** This role and those whose every right it has. */
  public Set<TenantRole> covered() {
    return switch (this) {
      case OWNER -> EnumSet.allOf(TenantRole.class);
      case OPERATOR -> EnumSet.of(OPERATOR, VIEWER);
      case VIEWER, BILLING_VIEWER -> EnumSet.of(this);
    };
  }
}
