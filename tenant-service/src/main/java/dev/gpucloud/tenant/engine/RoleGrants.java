package dev.gpucloud.tenant.engine;

import dev.gpucloud.contracts.id.ProjectId;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Who may give which roles: nobody gives a role above one's own. */
public final class RoleGrants {
  private RoleGrants() {}

  /** Roles of one person, at the tenant and at its projects. */
  public record Roles(Set<MemberRole> atTenant, Map<ProjectId, Set<MemberRole>> byProject) {
    /** Of somebody who may give every role. */
    public static final Roles ALL = new Roles(Set.of(MemberRole.OWNER), Map.of());

    /** What the person is at a project: what it is at the tenant, and more. */
    Set<MemberRole> at(ProjectId project) {
      var roles = EnumSet.noneOf(MemberRole.class);
      roles.addAll(atTenant);
      roles.addAll(byProject.getOrDefault(project, Set.of()));
      return roles;
    }
  }

  /** The roles that a holder of these may give where they are held. */
  public static Set<MemberRole> givenBy(Set<MemberRole> own) {
    var given = EnumSet.noneOf(MemberRole.class);
    for (MemberRole role : own) {
      given.addAll(
          switch (role) {
            case OWNER -> EnumSet.allOf(MemberRole.class);
            case OPERATOR -> EnumSet.of(MemberRole.OPERATOR, MemberRole.VIEWER);
            case VIEWER -> EnumSet.of(MemberRole.VIEWER);
            case BILLING_VIEWER -> EnumSet.of(MemberRole.BILLING_VIEWER);
          });
    }
    return given;
  }

  /** Adds every role asked for that is above what the giver is there. */
  public static void check(Roles giver, Roles asked, Violations violations) {
    check(giver.atTenant(), asked.atTenant(), "/roles", "the tenant", violations);
    asked
        .byProject()
        .forEach(
            (project, roles) ->
                check(
                    giver.at(project),
                    roles,
                    "/projectRoles/" + Pointers.escape(project.toString()),
                    "this project",
                    violations));
  }

  private static void check(
      Set<MemberRole> own, Set<MemberRole> asked, String at, String where, Violations violations) {
    Set<MemberRole> given = givenBy(own);
    asked.stream()
        .filter(role -> !given.contains(role))
        .forEach(
            role ->
                violations.add(
                    at,
                    "%s at %s is above your own roles; you may give %s there"
                        .formatted(role, where, given.isEmpty() ? "none" : given)));
  }
}
