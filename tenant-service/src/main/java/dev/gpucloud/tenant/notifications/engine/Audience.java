package dev.gpucloud.tenant.notifications.engine;

/** Who is told. */
public enum Audience {
  /** Owners of the tenant. */
  OWNERS,
  /** The billing contact of the tenant and its billing viewers. */
  BILLING,
  /** Operators of the tenant, and owners and operators of the project concerned. */
  OPERATORS,
  /** The person concerned; for a service account, the owners. */
  PERSON,
  /** The e-mail address that is invited. */
  INVITED,
  /** Whoever runs the cloud, at the addresses that are configured for that. */
  PLATFORM
}
