package dev.gpucloud.kit.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.ProjectFact;
import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.id.TypedId;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads this service's projections of tenants, projects and members. */
@ApplicationScoped
public class References {
  private final ObjectMapper json;

  References(ObjectMapper json) {
    this.json = json;
  }

  /** A tenant by {@code ten_} id or by slug. */
  public Uni<Optional<TenantRef>> findTenant(Mutiny.Session s, String idOrSlug) {
    if (idOrSlug.indexOf('\0') >= 0) {
      return Uni.createFrom().item(Optional.empty()); // a NUL is in no name and breaks the query
    }
    Uni<List<Object[]>> rows =
        idOrSlug.startsWith("ten_")
            ? byId(
                s,
                "select cast(fact as text) from tenant_ref where tenant_id = ?1",
                "ten",
                idOrSlug)
            : Sql.rows(s, "select cast(fact as text) from tenant_ref where slug = ?1", idOrSlug);
    return rows.map(
        found -> found.stream().findFirst().map(r -> new TenantRef(tenant((String) r[0]))));
  }

  /** A project by {@code prj_} id or by {@code tenant.project} slugs. */
  public Uni<Optional<ProjectRef>> findProject(Mutiny.Session s, String idOrName) {
    if (idOrName.indexOf('\0') >= 0) {
      return Uni.createFrom().item(Optional.empty());
    }
    int dot = idOrName.indexOf('.');
    Uni<List<Object[]>> rows =
        dot < 0
            ? byId(
                s,
                "select cast(fact as text) from project_ref where project_id = ?1",
                "prj",
                idOrName)
            : Sql.rows(
                s,
                """
                select cast(p.fact as text) from project_ref p
                join tenant_ref t on t.tenant_id = p.tenant_id
                where t.slug = ?1 and p.slug = ?2""",
                idOrName.substring(0, dot),
                idOrName.substring(dot + 1));
    return rows.map(
        found -> found.stream().findFirst().map(r -> new ProjectRef(project((String) r[0]))));
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
  record Standing(Set<TenantRole> roles, Set<ProjectId> projects) {}

  Uni<Standing> standing(
      Mutiny.Session s, Actor actor, TenantId tenant, Optional<ProjectRef> project) {
    return Sql.rows(
            s,
            """
            select array_to_string(roles, ','), cast(project_roles as text) from member_ref
            where tenant_id = ?1 and subject = ?2""",
            tenant.value(),
            actor.subject())
        .map(
            rows -> {
              if (rows.isEmpty()) {
                return new Standing(Set.of(), Set.of());
              }
              Object[] row = rows.getFirst();
              ProjectId at = project.map(ProjectRef::id).orElse(null);
              Set<TenantRole> roles = actor.limit(roles(row, project), tenant, at);
              boolean isPerson = actor.key() == null;
              return new Standing(roles, at == null && isPerson ? projects(row) : Set.of());
            });
  }

  private Set<ProjectId> projects(Object[] row) {
    return projectRoles((String) row[1]).keySet().stream()
        .map(ProjectId::parse)
        .collect(Collectors.toUnmodifiableSet());
  }

  private Set<TenantRole> roles(Object[] row, Optional<ProjectRef> project) {
    var roles = EnumSet.noneOf(TenantRole.class);
    String atTenant = (String) row[0];
    if (!atTenant.isEmpty()) {
      Arrays.stream(atTenant.split(",")).map(TenantRole::valueOf).forEach(roles::add);
    }
    project.ifPresent(
        p ->
            projectRoles((String) row[1]).getOrDefault(p.id().toString(), List.of()).stream()
                .map(TenantRole::valueOf)
                .forEach(roles::add));
    return roles;
  }

  private Uni<List<Object[]>> byId(Mutiny.Session s, String sql, String prefix, String text) {
    UUID id;
    try {
      id = TypedId.parse(prefix, text);
    } catch (IllegalArgumentException e) {
      return Uni.createFrom().item(List.of());
    }
    return Sql.rows(s, sql, id);
  }

  private TenantFact tenant(String text) {
    return read(text, new TypeReference<TenantFact>() {});
  }

  private ProjectFact project(String text) {
    return read(text, new TypeReference<ProjectFact>() {});
  }

  private Map<String, List<String>> projectRoles(String text) {
    return read(text, new TypeReference<Map<String, List<String>>>() {});
  }

  private <T> T read(String text, TypeReference<T> type) {
    try {
      return json.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
