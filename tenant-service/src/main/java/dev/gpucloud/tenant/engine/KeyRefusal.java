package dev.gpucloud.tenant.engine;

/** Why an API key is not accepted. */
public enum KeyRefusal {
  /** No such key, or another secret: the two are not told apart. */
  UNKNOWN,
  REVOKED,
  EXPIRED,
  /** Its holder is no member of the tenant any more. */
  HOLDER_GONE,
  /** The tenant is closed. */
  TENANT_CLOSED
}
