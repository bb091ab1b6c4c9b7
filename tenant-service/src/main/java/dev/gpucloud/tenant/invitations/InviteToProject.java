package dev.gpucloud.tenant.invitations;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.members.AskedRoles;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Who is invited to one project: the roles hold there and nowhere else. */
@Schema(
    name = "InviteToProject",
    examples =
        """
        {"email": "park.seoyeon@example.com", "roles": ["OPERATOR"]}""",
    description = "Whom to invite to the project, with which roles.")
record InviteToProject(
    @Schema(required = true, examples = "lee.minho@example.com", maxLength = 254)
        @Nullable String email,
    @Schema(required = true, examples = "[\"OPERATOR\"]", description = "Roles at the project.")
        @Nullable List<@Nullable MemberRole> roles) {

  InviteRequest.Asked asked(ProjectId project) {
    var violations = new Violations();
    Set<MemberRole> there = AskedRoles.roles(roles, "/roles", violations);
    return InviteRequest.asked(
        email,
        new AskedRoles(Set.of(), there.isEmpty() ? Map.of() : Map.of(project, there)),
        violations);
  }
}
