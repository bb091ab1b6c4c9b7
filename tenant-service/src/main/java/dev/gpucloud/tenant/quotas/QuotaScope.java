package dev.gpucloud.tenant.quotas;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.engine.QuotaRules;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a limit binds: a tenant or one of its projects, over all sites (the empty text) or at one.
 */
public record QuotaScope(TenantId tenant, @Nullable ProjectId project, String site) {
  /** A tenant with all its projects, over all sites. */
  public static QuotaScope of(TenantId tenant) {
    return new QuotaScope(tenant, null, "");
  }

  UUID id() {
    return project == null ? tenant.value() : project.value();
  }

  /** As the rules name it. */
  QuotaRules.Key key(String tenantSlug, String model) {
    return new QuotaRules.Key(tenantSlug, project == null ? null : project.toString(), model, site);
  }
}
