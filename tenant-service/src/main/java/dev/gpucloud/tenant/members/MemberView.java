package dev.gpucloud.tenant.members;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.tenant.engine.MemberRole;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A member of a tenant with all roles. */
@Schema(name = "Member", description = "A person with roles at a tenant or at projects of it.")
public record MemberView(
    @Schema(
            examples = "6d1f8a52-3c7e-4b0a-9e53-0f2c1d7b8a90",
            description = "The person's subject in the identity provider.")
        String subject,
    @Schema(examples = "sk-hynix-operator") String username,
    @Schema(
            examples = "[\"OPERATOR\"]",
            description =
                "OWNER edits projects and members, OPERATOR creates instances, VIEWER reads,"
                    + " BILLING_VIEWER reads usage and invoices.")
        List<String> roles,
    @Schema(description = "Further roles by project id.") Map<String, List<String>> projectRoles,
    @Schema(examples = "1", description = "Counts changes from 1; the ETag.") long version,
    Instant updatedAt) {

  /** The view of a member's rows. */
  public static MemberView of(MemberEntity member, Map<ProjectId, Set<MemberRole>> projectRoles) {
    var byProject = new LinkedHashMap<String, List<String>>();
    projectRoles.forEach(
        (project, roles) -> byProject.put(project.toString(), MemberWriter.names(roles)));
    return new MemberView(
        member.subject(),
        member.username(),
        MemberWriter.names(member.roles()),
        byProject,
        member.version(),
        member.updatedAt());
  }
}
