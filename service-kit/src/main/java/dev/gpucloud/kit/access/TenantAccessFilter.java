package dev.gpucloud.kit.access;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.tx.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Carries out {@link TenantAccess}: resolves the path's tenant and checks the caller's roles. */
class TenantAccessFilter {
  private final Transactions transactions;
  private final References references;
  private final ScopeCache scopes;
  private final Caller caller;
  private final Timer remembered;
  private final Timer lookedUp;

  TenantAccessFilter(
      Transactions transactions,
      References references,
      ScopeCache scopes,
      Caller caller,
      MeterRegistry meters) {
    this.transactions = transactions;
    this.references = references;
    this.scopes = scopes;
    this.caller = caller;
    this.remembered = meters.timer("gpucloud.access.check", "remembered", "true");
    this.lookedUp = meters.timer("gpucloud.access.check", "remembered", "false");
  }

  @ServerRequestFilter
  @TenantAccess({})
  Uni<@Nullable Response> check(
      ContainerRequestContext request, UriInfo uri, ResourceInfo resource) {
    Set<TenantRole> allowed =
        Set.copyOf(
            Arrays.asList(resource.getResourceMethod().getAnnotation(TenantAccess.class).value()));
    long begin = System.nanoTime();
    var known = new AtomicBoolean(true);
    String project = uri.getPathParameters().getFirst("project");
    String tenant = uri.getPathParameters().getFirst("tenant");
    return scopes
        .get(
            new ScopeCache.Key(caller.actor(), tenant, project),
            () -> {
              known.set(false);
              return transactions.readAsSystem(
                  s -> project != null ? byProject(s, project) : byTenant(s, tenant));
            })
        .invoke(scope -> enter(scope, allowed))
        .invoke(() -> (known.get() ? remembered : lookedUp).record(nanosSince(begin), NANOSECONDS))
        .replaceWith(() -> null);
  }

  private static long nanosSince(long begin) {
    return System.nanoTime() - begin;
  }

  private void enter(TenantScope scope, Set<TenantRole> allowed) {
    if (scope.roles().stream().noneMatch(allowed::contains)) {
      List<TenantRole> required = allowed.stream().sorted().toList();
      String names = required.stream().map(TenantRole::name).collect(Collectors.joining(" or "));
      throw ProblemType.FORBIDDEN
          .because("This needs the role %s at %s.".formatted(names, scope.tenant().slug()))
          .with("requiredRoles", required);
    }
    caller.enter(scope);
  }

  private Uni<TenantScope> byProject(Mutiny.Session s, String name) {
    return references
        .findProject(s, name)
        .map(found -> found.orElseThrow(this::notFound))
        .chain(
            project ->
                references
                    .findTenant(s, project.fact().tenantId().toString())
                    .map(found -> found.orElseThrow(this::notFound))
                    .chain(tenant -> withRoles(s, tenant, Optional.of(project))));
  }

  private Uni<TenantScope> byTenant(Mutiny.Session s, String idOrSlug) {
    return references
        .findTenant(s, idOrSlug)
        .map(found -> found.orElseThrow(this::notFound))
        .chain(tenant -> withRoles(s, tenant, Optional.empty()));
  }

  private Uni<TenantScope> withRoles(
      Mutiny.Session s, TenantRef tenant, Optional<ProjectRef> project) {
    return references
        .rolesOf(s, caller.actor(), tenant.id(), project)
        .map(
            roles -> {
              if (roles.isEmpty()) {
                throw notFound();
              }
              return new TenantScope(tenant, project.orElse(null), roles);
            });
  }

  private ProblemException notFound() {
    caller.refuseAsForeign();
    return ProblemType.NOT_FOUND.because(
        "No such tenant or project, or you are no member of it, or your API key does not reach it.");
  }
}
