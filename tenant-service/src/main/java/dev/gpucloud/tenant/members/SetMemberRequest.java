package dev.gpucloud.tenant.members;

import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.TenantRules;
import dev.gpucloud.tenant.engine.Violations;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** All roles a person is to have; what is not listed is taken away. */
@Schema(
    name = "SetMember",
    examples =
        """
        {"username": "sk-telecom-operator", "roles": ["VIEWER"]}""",
    description = "All roles to have; what is not listed is taken away.")
public record SetMemberRequest(
    @Schema(required = true, examples = "kim.jisoo", maxLength = 120) @Nullable String username,
    @Schema(examples = "[\"OPERATOR\"]", description = "Roles at the tenant.")
        @Nullable List<@Nullable MemberRole> roles,
    @Schema(description = "Further roles by project id.")
        @Nullable Map<String, @Nullable List<@Nullable MemberRole>> projectRoles) {

  /** The grant asked for, with what is wrong with it added. */
  public Grant grant(Violations violations) {
    if (username == null) {
      violations.add("/username", "is required");
    }
    TenantRules.checkName(username, "/username", violations);
    AskedRoles asked = AskedRoles.read(roles, projectRoles, violations);
    if (asked.isEmpty() && violations.isEmpty()) {
      violations.add("/roles", "expected at least one role; DELETE takes all of them away");
    }
    return new Grant(username == null ? "" : username, asked.atTenant(), asked.byProject());
  }
}
