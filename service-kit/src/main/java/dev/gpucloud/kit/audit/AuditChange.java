package dev.gpucloud.kit.audit;

import dev.gpucloud.contracts.id.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * A change as the service that makes it tells it.
 *
 * @param category what decides how long the entry is kept
 * @param action dotted name such as {@code tenant.member.set}
 * @param targetType kebab-case noun such as {@code member}
 * @param before what the API showed of the target until now; null for a new one
 * @param after what it shows from now on; null for one that is gone
 */
public record AuditChange(
    AuditCategory category,
    String action,
    String targetType,
    @Nullable String targetId,
    @Nullable TenantId tenant,
    @Nullable Object before,
    @Nullable Object after) {

  /** An ordinary change without values yet; see {@link #from} and {@link #to}. */
  public static AuditChange of(String action, String targetType, String targetId) {
    return new AuditChange(AuditCategory.CHANGE, action, targetType, targetId, null, null, null);
  }

  /** A change of who may do what. */
  public static AuditChange ofAccess(String action, String targetType, String targetId) {
    return new AuditChange(AuditCategory.SECURITY, action, targetType, targetId, null, null, null);
  }

  /** The tenant whose owners may read the entry. */
  public AuditChange at(@Nullable TenantId of) {
    return new AuditChange(category, action, targetType, targetId, of, before, after);
  }

  public AuditChange from(@Nullable Object value) {
    return new AuditChange(category, action, targetType, targetId, tenant, value, after);
  }

  public AuditChange to(@Nullable Object value) {
    return new AuditChange(category, action, targetType, targetId, tenant, before, value);
  }
}
