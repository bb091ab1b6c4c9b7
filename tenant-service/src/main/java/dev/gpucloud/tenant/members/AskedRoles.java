package dev.gpucloud.tenant.members;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.Pointers;
import dev.gpucloud.tenant.engine.Violations;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Roles at a tenant and at its projects, as a request asks for them. */
public record AskedRoles(Set<MemberRole> atTenant, Map<ProjectId, Set<MemberRole>> byProject) {
  private static final int MAX_PROJECTS = 1000;

  /** Reads both, with what is wrong with them added. */
  public static AskedRoles read(
      @Nullable List<@Nullable MemberRole> roles,
      @Nullable Map<String, @Nullable List<@Nullable MemberRole>> projectRoles,
      Violations violations) {
    return new AskedRoles(roles(roles, "/roles", violations), byProject(projectRoles, violations));
  }

  public boolean isEmpty() {
    return atTenant.isEmpty() && byProject.isEmpty();
  }

  private static Map<ProjectId, Set<MemberRole>> byProject(
      @Nullable Map<String, @Nullable List<@Nullable MemberRole>> projectRoles,
      Violations violations) {
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

  /** Roles of one place, with what is wrong with them added below {@code at}. */
  public static Set<MemberRole> roles(
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
