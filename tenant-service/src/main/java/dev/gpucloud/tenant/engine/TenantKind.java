package dev.gpucloud.tenant.engine;

/**
 * What a tenant is to the operator. A SUBSIDIARY below a GROUP is a company of the group, one below
 * a SUBSIDIARY is its division; an EXTERNAL tenant is an outside customer.
 */
public enum TenantKind {
  GROUP,
  SUBSIDIARY,
  EXTERNAL
}
