package dev.gpucloud.tenant.members;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.tenant.engine.MemberRole;
import java.util.Map;
import java.util.Set;

/** All roles a person is to have at a tenant and at its projects; none at all means revoked. */
public record Grant(
    String username, Set<MemberRole> roles, Map<ProjectId, Set<MemberRole>> projectRoles) {

  /** Takes every role away. */
  static Grant none(String username) {
    return new Grant(username, Set.of(), Map.of());
  }

  /** Whether OWNER of the tenant is among them. */
  public boolean isOwner() {
    return roles.contains(MemberRole.OWNER);
  }
}
