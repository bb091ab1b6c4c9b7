package dev.gpucloud.testsupport.access;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One row of a table: an endpoint, who is let through, whether API keys are, and what a request
 * with an empty body that names nothing is answered then.
 */
public record AccessRule(
    String method, String path, Set<String> callers, boolean keys, int answer) {
  private static final Set<String> MEMBERS =
      Set.of("owner", "tenant-owner", "operator", "viewer", "billing-viewer");

  static AccessRule parse(String line) {
    String[] cells = line.split(",", -1);
    if (cells.length != 5 || !Set.of("yes", "no").contains(cells[3])) {
      throw new IllegalArgumentException("no row of method,path,callers,keys,answer: " + line);
    }
    return new AccessRule(
        cells[0],
        cells[1],
        Arrays.stream(cells[2].split(" ")).collect(Collectors.toUnmodifiableSet()),
        cells[3].equals("yes"),
        Integer.parseInt(cells[4]));
  }

  /** Whether everybody may call it, logged in or not. */
  boolean open() {
    return callers.contains("anybody");
  }

  /** The status that the persona must be answered with. */
  int expected(Persona persona) {
    if (persona.key() && !keys && !open()) {
      return 403;
    }
    return allowed(persona) ? answer : hidden(persona) ? 404 : 403;
  }

  private boolean allowed(Persona persona) {
    if (open() || callers.contains("everybody")) {
      return true;
    }
    return switch (persona.kind) {
      case OUTSIDE_KEY -> false;
      case PROJECT_MEMBER -> callers.contains(persona.role()) || ownsByProject();
      default ->
          callers.contains(persona.role())
              || persona.role().equals("owner") && callers.contains("tenant-owner");
    };
  }

  /** An owner of a project is one on its paths; {@code tenant-owner} in a table takes that away. */
  private boolean ownsByProject() {
    return callers.contains("owner")
        && path.matches("/api/v1/(tenants/\\{tenant}/)?projects/\\{project(SlugOrId)?}.*");
  }

  /** Tenants and projects do not exist for those who are no members of them. */
  private boolean hidden(Persona persona) {
    return path.matches("/api/v1/(tenants/\\{tenant}|projects/\\{project}).*")
        && callers.stream().anyMatch(MEMBERS::contains)
        && !persona.reachesTenant();
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
