package dev.gpucloud.tenant.engine;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The short names that stand in addresses: lower case, in pieces joined by single hyphens. A dot
 * never occurs, because {@code tenant.project} names a project.
 */
public final class Slugs {
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final int MAX_LENGTH = 40;
  private static final int MIN_TENANT_LENGTH = 3;
  private static final int MIN_PROJECT_LENGTH = 2;

  /** Words that would read as a route, as the operator itself, or as a value of a program. */
  private static final Set<String> RESERVED =
      Set.of(
          "admin",
          "all",
          "any",
          "api",
          "auth",
          "billing",
          "console",
          "default",
          "docs",
          "events",
          "finance",
          "gateway",
          "gpucloud",
          "health",
          "imports",
          "internal",
          "inventory",
          "login",
          "logout",
          "me",
          "metrics",
          "new",
          "none",
          "null",
          "platform",
          "projects",
          "public",
          "root",
          "service",
          "settings",
          "status",
          "system",
          "tenant",
          "tenants",
          "undefined",
          "www");

  private Slugs() {}

  /** Why a tenant cannot have this slug, or empty when it can. */
  public static Optional<String> tenantRefusal(String slug) {
    return refusal(slug, MIN_TENANT_LENGTH);
  }

  /** Why a project cannot have this slug, or empty when it can. */
  public static Optional<String> projectRefusal(String slug) {
    return refusal(slug, MIN_PROJECT_LENGTH);
  }

  private static Optional<String> refusal(String slug, int minLength) {
    if (slug.length() < minLength || slug.length() > MAX_LENGTH || !FORM.matcher(slug).matches()) {
      return Optional.of(
          "expected %d to %d lower-case letters, digits and single hyphens, beginning with a letter"
              .formatted(minLength, MAX_LENGTH));
    }
    if (RESERVED.contains(slug)) {
      return Optional.of("'" + slug + "' is a reserved word");
    }
    return Optional.empty();
  }
}
