package dev.gpucloud.tenant.invitations;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.engine.RoleGrants;
import dev.gpucloud.tenant.members.MemberRepository;
import dev.gpucloud.tenant.members.MemberWriter;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads a member's present roles, locked so that they stay so until the commit. */
@ApplicationScoped
class HeldRoles {
  private final MemberRepository members;

  HeldRoles(MemberRepository members) {
    this.members = members;
  }

  /** None for somebody who is no member. */
  Uni<RoleGrants.Roles> of(Mutiny.Session session, TenantId tenant, String subject) {
    return members
        .findLocked(session, tenant, subject)
        .chain(
            member ->
                members
                    .projectRoles(session, tenant, List.of(subject))
                    .map(
                        rows ->
                            member == null
                                ? new RoleGrants.Roles(Set.of(), Map.of())
                                : new RoleGrants.Roles(
                                    member.roles(), MemberWriter.byProject(rows))));
  }
}
