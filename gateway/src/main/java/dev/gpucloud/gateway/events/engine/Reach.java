package dev.gpucloud.gateway.events.engine;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The roles of somebody at one tenant, and further ones at its projects. */
public record Reach(Set<Role> roles, Map<String, Set<Role>> ofProjects) {
  public Reach {
    roles = Set.copyOf(roles);
    ofProjects = Map.copyOf(ofProjects);
  }

  /** The roles that count for an event of the project, or of the tenant as a whole. */
  Set<Role> at(@Nullable String project, @Nullable KeyLimit key) {
    Set<Role> held = Role.covered(roles);
    if (project != null) {
      held.addAll(Role.covered(ofProjects.getOrDefault(project, Set.of())));
    }
    if (key == null) {
      return held;
    }
    if (project == null ? !key.projects().isEmpty() : !key.reaches(project)) {
      return Set.of();
    }
    held.retainAll(key.roles());
    return held;
  }
}
