package dev.gpucloud.tenant.invitations;

import dev.gpucloud.tenant.engine.Emails;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.members.AskedRoles;
import dev.gpucloud.tenant.members.Grant;
import dev.gpucloud.tenant.request.Refusals;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Who is invited to what. */
@Schema(
    name = "Invite",
    examples =
        """
        {"email": "lee.minho@example.com", "roles": ["OPERATOR"]}""",
    description = "Whom to invite, with which roles.")
record InviteRequest(
    @Schema(required = true, examples = "lee.minho@example.com", maxLength = 254)
        @Nullable String email,
    @Schema(examples = "[\"OPERATOR\"]", description = "Roles at the tenant.")
        @Nullable List<@Nullable MemberRole> roles,
    @Schema(description = "Further roles by project id.")
        @Nullable Map<String, @Nullable List<@Nullable MemberRole>> projectRoles) {

  /** What is asked for, checked by itself. */
  record Asked(String email, AskedRoles roles) {
    /** The roles as they are given to somebody. */
    Grant grant() {
      return new Grant(email, roles.atTenant(), roles.byProject());
    }
  }

  Asked asked() {
    var violations = new Violations();
    return asked(email, AskedRoles.read(roles, projectRoles, violations), violations);
  }

  /** An address and roles that were read, with what was wrong with those. */
  static Asked asked(@Nullable String email, AskedRoles roles, Violations violations) {
    String address = email == null ? "" : Emails.folded(email);
    if (email == null) {
      violations.add("/email", "is required");
    } else {
      Emails.refusal(address).ifPresent(why -> violations.add("/email", why));
    }
    if (roles.isEmpty() && violations.isEmpty()) {
      violations.add("/roles", "expected at least one role");
    }
    Refusals.throwIfAny(violations);
    return new Asked(address, roles);
  }
}
