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
      Set.of("owner", "operator", "viewer", "billing-viewer");

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
    boolean outside = persona.kind == Persona.Kind.OUTSIDE_KEY;
    return !outside && callers.contains(persona.role());
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
