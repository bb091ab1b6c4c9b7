package dev.gpucloud.kit.http;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says which platform roles would have let a request through. */
final class PlatformRoles {
  private PlatformRoles() {}

  /** A refusal that names them; one without names where the endpoint names none. */
  static ProblemException refusal(@Nullable ResourceInfo resource) {
    List<String> roles = of(resource);
    return roles.isEmpty()
        ? ProblemType.FORBIDDEN.because("Nobody is let through here.")
        : ProblemType.FORBIDDEN
            .because(
                "This needs the platform role %s, which the cloud's administrators give to people; no API key has one."
                    .formatted(String.join(" or ", roles)))
            .with("requiredPlatformRoles", roles);
  }

  private static List<String> of(@Nullable ResourceInfo resource) {
    @Nullable Method method = resource == null ? null : resource.getResourceMethod();
    if (method == null) {
      return List.of();
    }
    RolesAllowed own = method.getAnnotation(RolesAllowed.class);
    RolesAllowed said =
        own == null ? method.getDeclaringClass().getAnnotation(RolesAllowed.class) : own;
    return said == null ? List.of() : Arrays.stream(said.value()).sorted().toList();
  }
}
