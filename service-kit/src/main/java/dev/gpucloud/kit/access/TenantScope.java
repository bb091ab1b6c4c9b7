package dev.gpucloud.kit.access;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a request acts and what its caller may do there.
 *
 * @param roles those at the tenant, and those at the project when the path names one
 * @param projects on a path that names no project, the projects at which a person has roles
 */
public record TenantScope(
    TenantRef tenant,
    @Nullable ProjectRef projectOrNull,
    Set<TenantRole> roles,
    Set<ProjectId> projects) {
  public TenantId tenantId() {
    return tenant.id();
  }

  /** The project in the path; throws IllegalStateException on a path without one. */
  public ProjectRef project() {
    if (projectOrNull == null) {
      throw new IllegalStateException("the path names no project");
    }
    return projectOrNull;
  }
}
