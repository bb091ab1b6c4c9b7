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
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Carries out {@link TenantAccess}: resolves the path's tenant and checks the caller's roles. */
class TenantAccessFilter {
  /** The path parameter that names a project of the tenant before it. */
  private static final String OF_TENANT = "projectSlugOrId";

  /** How many checks took at most this long is counted: a mean hides what a pause made of a few. */
  private static final Duration[] BOUNDS = {
    Duration.ofNanos(10_000),
    Duration.ofNanos(20_000),
    Duration.ofNanos(50_000),
    Duration.ofNanos(100_000),
    Duration.ofMillis(1),
    Duration.ofMillis(10)
  };

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
    this.remembered = timer(meters, "true");
    this.lookedUp = timer(meters, "false");
  }

  private static Timer timer(MeterRegistry meters, String remembered) {
    return Timer.builder("gpucloud.access.check")
        .description("Checks of a caller's roles at the tenant of the path.")
        .tag("remembered", remembered)
        .serviceLevelObjectives(BOUNDS)
        .register(meters);
  }

  @ServerRequestFilter
  @TenantAccess({})
  Uni<@Nullable Response> check(
      ContainerRequestContext request, UriInfo uri, ResourceInfo resource) {
    TenantAccess rule = resource.getResourceMethod().getAnnotation(TenantAccess.class);
    long begin = System.nanoTime();
    ScopeCache.Key place = place(uri, rule);
    TenantScope known = scopes.find(place);
    if (known != null) {
      enter(known, rule);
      remembered.record(nanosSince(begin), NANOSECONDS);
      return Uni.createFrom().nullItem();
    }
    return scopes
        .look(place, () -> transactions.readAsSystem(s -> scope(s, place)))
        .invoke(scope -> enter(scope, rule))
        .invoke(() -> lookedUp.record(nanosSince(begin), NANOSECONDS))
        .replaceWith(() -> null);
  }

  private ScopeCache.Key place(UriInfo uri, TenantAccess rule) {
    MultivaluedMap<String, String> path = uri.getPathParameters(); // a copy with every call
    String tenant = path.getFirst("tenant");
    String ofTenant = rule.tenantWide() ? null : path.getFirst(OF_TENANT);
    String project = path.getFirst("project");
    return new ScopeCache.Key(caller.actor(), tenant, tenant != null ? ofTenant : project);
  }

  private Uni<TenantScope> scope(Mutiny.Session s, ScopeCache.Key place) {
    String tenant = place.tenant();
    String project = place.project();
    if (tenant == null) {
      return byProject(s, Objects.requireNonNull(project));
    }
    return project == null ? byTenant(s, tenant) : byProjectOf(s, tenant, project);
  }

  private static long nanosSince(long begin) {
    return System.nanoTime() - begin;
  }

  private void enter(TenantScope scope, TenantAccess rule) {
    if (!passes(scope, rule)) {
      List<TenantRole> required = Arrays.stream(rule.value()).sorted().toList();
      String names = required.stream().map(TenantRole::name).collect(Collectors.joining(" or "));
      caller.refuse(scope);
      throw ProblemType.FORBIDDEN
          .because("This needs the role %s at %s.".formatted(names, scope.tenant().slug()))
          .with("requiredRoles", required);
    }
    caller.enter(scope);
  }

  private static boolean passes(TenantScope scope, TenantAccess rule) {
    for (TenantRole role : rule.value()) {
      if (scope.roles().contains(role)) {
        return true;
      }
    }
    return rule.projectMembers() && !scope.projects().isEmpty();
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

  /** A project that this service does not know yet leaves what the caller is at the tenant. */
  private Uni<TenantScope> byProjectOf(Mutiny.Session s, String tenant, String slugOrId) {
    return references
        .findTenant(s, tenant)
        .map(found -> found.orElseThrow(this::notFound))
        .chain(
            at ->
                references
                    .findProject(s, at, slugOrId)
                    .chain(project -> withRoles(s, at, project))
                    .invoke(
                        scope -> {
                          if (scope.roles().isEmpty()) {
                            throw foreign(scope.tenant());
                          }
                        }));
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
        .standing(s, caller.actor(), tenant.id(), project)
        .map(
            standing -> {
              if (standing.roles().isEmpty() && standing.projects().isEmpty()) {
                throw foreign(tenant);
              }
              return new TenantScope(
                  tenant, project.orElse(null), standing.roles(), standing.projects());
            });
  }

  /** There is such a tenant, which the caller is not to learn; the audit log names it. */
  private ProblemException foreign(TenantRef tenant) {
    caller.refuse(new TenantScope(tenant, null, Set.of(), Set.of()));
    return notFound();
  }

  private ProblemException notFound() {
    caller.refuseAsForeign();
    return ProblemType.NOT_FOUND.because(
        "No such tenant or project, or you are no member of it, or your API key does not reach it.");
  }
}
