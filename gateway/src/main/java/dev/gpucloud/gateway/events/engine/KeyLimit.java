package dev.gpucloud.gateway.events.engine;

import java.util.Set;

/** What an API key leaves of its holder's roles: these of one tenant, perhaps at some projects. */
public record KeyLimit(String tenant, Set<String> projects, Set<Role> roles) {
  public KeyLimit {
    projects = Set.copyOf(projects);
    roles = Set.copyOf(roles);
  }

  boolean reaches(String project) {
    return projects.isEmpty() || projects.contains(project);
  }
}
