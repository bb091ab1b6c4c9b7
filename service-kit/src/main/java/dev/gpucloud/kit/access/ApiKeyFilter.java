package dev.gpucloud.kit.access;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.audit.RouteNames;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Stops callers with an API key where keys are not meant to act, and keys that were revoked. */
class ApiKeyFilter {
  /** Every key may ask whose it is. */
  private static final String WHO_AM_I = "me.read";

  private final Caller caller;
  private final RevokedKeys revoked;

  ApiKeyFilter(Caller caller, RevokedKeys revoked) {
    this.caller = caller;
    this.revoked = revoked;
  }

  @ServerRequestFilter(priority = Priorities.AUTHORIZATION)
  Uni<@Nullable Response> check(ResourceInfo resource) {
    Method method = resource.getResourceMethod();
    if (method.isAnnotationPresent(PermitAll.class)) {
      return Uni.createFrom().nullItem(); // nobody was asked who they are
    }
    KeyGrant key = caller.actor().key();
    if (key == null) {
      return Uni.createFrom().nullItem();
    }
    if (!accepts(method)) {
      throw ProblemType.FORBIDDEN.because(
          "API keys are not accepted here; log in as a person and repeat the request.");
    }
    return revoked
        .contains(key.key())
        .invoke(
            ended -> {
              if (ended) {
                throw ProblemType.UNAUTHENTICATED
                    .because("The API key %s was revoked.".formatted(key.key()))
                    .with("reason", "API_KEY_REVOKED");
              }
            })
        .invoke(() -> requireAllowed(key))
        .replaceWith(() -> null);
  }

  private void requireAllowed(KeyGrant key) {
    String action = RouteNames.action(caller.route());
    if (!action.equals(WHO_AM_I)) {
      key.actions().require(action);
    }
  }

  static boolean accepts(Method method) {
    ApiKeyAccess own = method.getAnnotation(ApiKeyAccess.class);
    ApiKeyAccess said =
        own == null ? method.getDeclaringClass().getAnnotation(ApiKeyAccess.class) : own;
    if (said != null) {
      return said.value();
    }
    TenantAccess access = method.getAnnotation(TenantAccess.class);
    return access != null
        && Arrays.stream(access.value()).anyMatch(role -> role != TenantRole.OWNER);
  }
}
