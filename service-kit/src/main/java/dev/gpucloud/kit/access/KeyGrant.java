package dev.gpucloud.kit.access;

import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.key.KeyActions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an API key allows: some roles at one tenant or, when projects are named, at these alone, and
 * when actions are named, these alone. It only ever takes away from what the key's holder may do
 * now, and gives nothing.
 */
public record KeyGrant(
    ApiKeyId key,
    TenantId tenant,
    Set<ProjectId> projects,
    Set<TenantRole> roles,
    KeyActions actions) {

  /** Whether the key reaches the tenant, or the project of it when one is given. */
  public boolean reaches(TenantId at, @Nullable ProjectId project) {
    return at.equals(tenant)
        && (projects.isEmpty() || (project != null && projects.contains(project)));
  }

  /** What is left of the holder's roles at a place. */
  public Set<TenantRole> limit(Set<TenantRole> held, TenantId at, @Nullable ProjectId project) {
    var left = EnumSet.noneOf(TenantRole.class);
    if (reaches(at, project)) {
      held.forEach(role -> left.addAll(role.covered()));
      left.retainAll(roles);
    }
    return left;
  }
}
