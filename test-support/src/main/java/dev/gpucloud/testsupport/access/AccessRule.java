package dev.gpucloud.testsupport.access;

import dev.gpucloud.contracts.access.Endpoint;
import java.util.Set;

/**
 * One row of a table and what it expects: who is let through, whether API keys are, and what a
 * request with an empty body that names nothing is answered then.
 */
public record AccessRule(Endpoint endpoint) {
  private static final Set<String> MEMBERS =
      Set.of("owner", "tenant-owner", "operator", "viewer", "billing-viewer");

  String method() {
    return endpoint.method();
  }

  String path() {
    return endpoint.path();
  }

  int answer() {
    return endpoint.answer();
  }

  /** Whether everybody may call it, logged in or not. */
  boolean open() {
    return endpoint.callers().contains("anybody");
  }

  /** The status that the persona must be answered with. */
  int expected(Persona persona) {
    if (persona.key() && !endpoint.keys() && !open()) {
      return 403;
    }
    return allowed(persona) ? answer() : hidden(persona) ? 404 : 403;
  }

  private boolean allowed(Persona persona) {
    if (open() || endpoint.callers().contains("everybody")) {
      return true;
    }
    return switch (persona.kind) {
      case OUTSIDE_KEY -> false;
      case PROJECT_MEMBER -> endpoint.callers().contains(persona.role()) || ownsByProject();
      default ->
          endpoint.callers().contains(persona.role())
              || persona.role().equals("owner") && endpoint.callers().contains("tenant-owner");
    };
  }

  /** An owner of a project is one on its paths; {@code tenant-owner} in a table takes that away. */
  private boolean ownsByProject() {
    return endpoint.callers().contains("owner")
        && path().matches("/api/v1/(tenants/\\{tenant}/)?projects/\\{project(SlugOrId)?}.*");
  }

  /** Tenants and projects do not exist for those who are no members of them. */
  private boolean hidden(Persona persona) {
    return path().matches("/api/v1/(tenants/\\{tenant}|projects/\\{project}).*")
        && endpoint.callers().stream().anyMatch(MEMBERS::contains)
        && !persona.reachesTenant();
  }

  @Override
  public String toString() {
    return endpoint.route();
  }
}
