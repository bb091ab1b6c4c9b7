package dev.gpucloud.tenant.engine;

/** What a person may do at a tenant, or at one project of it. */
public enum MemberRole {
  OWNER,
  OPERATOR,
  VIEWER,
  BILLING_VIEWER
}
