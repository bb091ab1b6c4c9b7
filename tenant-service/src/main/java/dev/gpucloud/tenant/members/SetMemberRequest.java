package dev.gpucloud.tenant.members;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.Pointers;
import dev.gpucloud.tenant.engine.TenantRules;
import dev.gpucloud.tenant.engine.Violations;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** All roles a person is to have; what is not listed is taken away. */
@Schema(name = "SetMember", description = "All roles to have; what is not listed is taken away.")
public record SetMemberRequest(
    @Schema(required = true, examples = "kim.jisoo", maxLength = 120) @Nullable String username,
    @Schema(examples = "[\"OPERATOR\"]", description = "Roles at the tenant.")
        @Nullable List<@Nullable MemberRole> roles,
    @Schema(description = "Further roles by project id.")
        @Nullable Map<String, @Nullable List<@Nullable MemberRole>> projectRoles) {

  private static final int MAX_PROJECTS = 1000;

  /** The grant asked for, with what is wrong with it added. */
  public Grant grant(Violations violations) {
    if (username == null) {
      violations.add("/username", "is required");
    }
    TenantRules.checkName(username, "/username", violations);
    Set<MemberRole> atTenant = roles(roles, "/roles", violations);
    Map<ProjectId, Set<MemberRole>> byProject = byProject(violations);
    if (atTenant.isEmpty() && byProject.isEmpty() && violations.isEmpty()) {
      violations.add("/roles", "expected at least one role; DELETE takes all of them away");
    }
    return new Grant(username == null ? "" : username, atTenant, byProject);
  }

  private Map<ProjectId, Set<MemberRole>> byProject(Violations violations) {
    var byProject = new LinkedHashMap<ProjectId, Set<MemberRole>>();
    if (projectRoles == null) {
      return byProject;
    }
    if (projectRoles.size() > MAX_PROJECTS) {
      violations.add("/projectRoles", "expected at most " + MAX_PROJECTS + " projects");
      return byProject;
    }
    projectRoles.forEach(
        (id, names) -> {
          String at = "/projectRoles/" + Pointers.escape(id);
          try {
            Set<MemberRole> atProject = roles(names, at, violations);
            if (!atProject.isEmpty()) {
              byProject.put(ProjectId.parse(id), atProject);
            }
          } catch (IllegalArgumentException e) {
            violations.add(at, "expected a project id such as prj_<uuid>");
          }
        });
    return byProject;
  }

  private static Set<MemberRole> roles(
      @Nullable List<@Nullable MemberRole> names, String at, Violations violations) {
    var roles = EnumSet.noneOf(MemberRole.class);
    if (names != null) {
      for (int i = 0; i < names.size(); i++) {
        MemberRole role = names.get(i);
        if (role == null) {
          violations.add(at + "/" + i, "expected a role");
        } else {
          roles.add(role);
        }
      }
    }
    return roles;
  }
}
