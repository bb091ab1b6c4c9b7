package dev.gpucloud.kit.access;

import dev.gpucloud.contracts.event.MembershipFact;
import dev.gpucloud.contracts.event.ProjectFact;
import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** Finds tenants and projects by the names that requests use, and says who may be what there. */
@ApplicationScoped
public class References {
  private final ReferenceSource source;

  References(ReferenceSource source) {
    this.source = source;
  }

  /** A tenant by {@code ten_} id or by slug. */
  public Uni<Optional<TenantRef>> findTenant(Mutiny.Session s, String idOrSlug) {
    return tenant(s, idOrSlug).map(found -> found.map(TenantRef::new));
  }

  private Uni<Optional<TenantFact>> tenant(Mutiny.Session s, String idOrSlug) {
    if (idOrSlug.startsWith("ten_")) {
      return parsed(() -> TenantId.parse(idOrSlug))
          .map(id -> source.tenant(s, id))
          .orElseGet(References::nothing);
    }
    return isName(idOrSlug) ? source.tenant(s, idOrSlug) : nothing();
  }

  /** A project by {@code prj_} id or by {@code tenant.project} slugs. */
  public Uni<Optional<ProjectRef>> findProject(Mutiny.Session s, String idOrName) {
    return project(s, idOrName).map(found -> found.map(ProjectRef::new));
  }

  private Uni<Optional<ProjectFact>> project(Mutiny.Session s, String idOrName) {
    int dot = idOrName.indexOf('.');
    if (dot < 0) {
      return parsed(() -> ProjectId.parse(idOrName))
          .map(id -> source.project(s, id))
          .orElseGet(References::nothing);
    }
    return isName(idOrName)
        ? source.project(s, idOrName.substring(0, dot), idOrName.substring(dot + 1))
        : nothing();
  }

  /** A NUL is in no name and breaks a query. */
  private static boolean isName(String text) {
    return text.indexOf('\0') < 0;
  }

  private static <T> Optional<T> parsed(Supplier<T> id) {
    try {
      return Optional.of(id.get());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static <T> Uni<Optional<T>> nothing() {
    return Uni.createFrom().item(Optional.empty());
  }

  /** A project of the tenant by {@code prj_} id or by its slug. */
  Uni<Optional<ProjectRef>> findProject(Mutiny.Session s, TenantRef tenant, String slugOrId) {
    String name = slugOrId.startsWith("prj_") ? slugOrId : tenant.slug() + "." + slugOrId;
    return findProject(s, name)
        .map(found -> found.filter(project -> project.fact().tenantId().equals(tenant.id())));
  }

  /**
   * What an actor may be at a tenant, roles for the project included when one is given, and at most
   * what the API key in use allows.
   */
  public Uni<Set<TenantRole>> rolesOf(
      Mutiny.Session s, Actor actor, TenantId tenant, Optional<ProjectRef> project) {
    return standing(s, actor, tenant, project).map(Standing::roles);
  }

  /** Roles at a place, and the projects of its tenant at which a person has further ones. */
  record Standing(Set<TenantRole> roles, Set<ProjectId> projects) {
    static final Standing NONE = new Standing(Set.of(), Set.of());
  }

  Uni<Standing> standing(
      Mutiny.Session s, Actor actor, TenantId tenant, Optional<ProjectRef> project) {
    return source
        .member(s, tenant, actor.subject())
        .map(
            member ->
                member
                    .map(of -> standing(of, actor, project.map(ProjectRef::id)))
                    .orElse(Standing.NONE));
  }

  private static Standing standing(MembershipFact member, Actor actor, Optional<ProjectId> at) {
    Set<TenantRole> roles = actor.limit(roles(member, at), member.tenantId(), at.orElse(null));
    boolean isPerson = actor.key() == null;
    return new Standing(roles, at.isEmpty() && isPerson ? projects(member) : Set.of());
  }

  private static Set<ProjectId> projects(MembershipFact member) {
    return atProjects(member).keySet().stream()
        .map(ProjectId::parse)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<TenantRole> roles(MembershipFact member, Optional<ProjectId> at) {
    var roles = EnumSet.noneOf(TenantRole.class);
    member.roles().forEach(role -> roles.add(TenantRole.valueOf(role)));
    at.map(project -> atProjects(member).getOrDefault(project.toString(), List.of()))
        .ifPresent(more -> more.forEach(role -> roles.add(TenantRole.valueOf(role))));
    return roles;
  }

  private static Map<String, List<String>> atProjects(MembershipFact member) {
    return Objects.requireNonNullElse(member.projectRoles(), Map.of());
  }
}
