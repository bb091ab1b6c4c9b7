package dev.gpucloud.tenant.invitations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.InvitationId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.engine.MemberRole;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An invitation as those who invite see it. */
@Schema(name = "Invitation", description = "An e-mail address that is offered roles.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record InvitationView(
    @Schema(implementation = String.class) InvitationId id,
    @Schema(implementation = String.class) TenantId tenantId,
    @Schema(implementation = String.class, description = "Only when a project's owner invited.")
        @Nullable ProjectId projectId,
    @Schema(examples = "lee.minho@example.com") String email,
    @Schema(examples = "[\"OPERATOR\"]") List<MemberRole> roles,
    @Schema(description = "Further roles by project id.")
        Map<String, List<MemberRole>> projectRoles,
    @Schema(enumeration = {"PENDING", "ACCEPTED", "REVOKED", "EXPIRED"}) String state,
    @Schema(description = "Subject of who invited.") String invitedBy,
    String invitedByName,
    @Schema(description = "Subject of who accepted.") @Nullable String acceptedBy,
    @Schema(
            description =
                "What the invited person accepts with; in the first answer to its making, and never"
                    + " again.")
        @Nullable String token,
    Instant expiresAt,
    Instant createdAt,
    @Schema(examples = "1") long version) {

  static InvitationView of(InvitationEntity row, Instant now) {
    var byProject = new TreeMap<String, List<MemberRole>>();
    row.roles()
        .byProject()
        .forEach((id, roles) -> byProject.put(id.toString(), roles.stream().sorted().toList()));
    return new InvitationView(
        row.id(),
        row.tenant(),
        row.project(),
        row.email(),
        row.roles().atTenant().stream().sorted().toList(),
        byProject,
        row.word(now),
        row.invitedBy(),
        row.invitedByName(),
        row.acceptedBy(),
        null,
        row.expiresAt(),
        row.createdAt(),
        row.version());
  }

  /** The same with the secret in it. */
  InvitationView with(InvitationToken secret) {
    return new InvitationView(
        id,
        tenantId,
        projectId,
        email,
        roles,
        projectRoles,
        state,
        invitedBy,
        invitedByName,
        acceptedBy,
        secret.text(),
        expiresAt,
        createdAt,
        version);
  }
}
