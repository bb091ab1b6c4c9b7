package dev.gpucloud.kit.access;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whose roles count for a request, and the API key that narrows them, if one was used. */
public record Actor(String subject, @Nullable KeyGrant key) {

  /** What is left of roles at a place. */
  public Set<TenantRole> limit(Set<TenantRole> held, TenantId tenant, @Nullable ProjectId project) {
    return key == null ? held : key.limit(held, tenant, project);
  }

  /** Whether a place is within reach of the key; without one every place is. */
  public boolean reaches(TenantId tenant, @Nullable ProjectId project) {
    return key == null || key.reaches(tenant, project);
  }
}
