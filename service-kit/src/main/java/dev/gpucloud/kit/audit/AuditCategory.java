package dev.gpucloud.kit.audit;

/** What an entry is about; each kind is kept for a time of its own. */
public enum AuditCategory {
  /** Who may do what: members, keys, roles. */
  SECURITY,
  /** Every other change. */
  CHANGE,
  /** A request that was refused for lack of a right. */
  DENIAL,
  /** Platform staff looked at what belongs to tenants. */
  READ
}
