package dev.gpucloud.kit.access;

/** What a member may be at a tenant or a project. */
public enum TenantRole {
  /** Runs the tenant: members, projects, everything below. */
  OWNER,
  /** Creates and deletes what runs. */
  OPERATOR,
  /** Sees what runs. */
  VIEWER,
  /** Sees usage and invoices. */
  BILLING_VIEWER
}
