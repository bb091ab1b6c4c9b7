package dev.gpucloud.kit.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.MembershipFact;
import dev.gpucloud.contracts.event.ProjectFact;
import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.tx.Sql;
import io.quarkus.arc.DefaultBean;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads this service's projections of tenants, projects and members. */
@DefaultBean
@ApplicationScoped
class Projections implements ReferenceSource {
  private static final TypeReference<TenantFact> TENANT = new TypeReference<>() {};
  private static final TypeReference<ProjectFact> PROJECT = new TypeReference<>() {};
  private static final TypeReference<Map<String, List<String>>> PROJECT_ROLES =
      new TypeReference<>() {};

  private final ObjectMapper json;

  Projections(ObjectMapper json) {
    this.json = json;
  }

  @Override
  public Uni<Optional<TenantFact>> tenant(Mutiny.Session s, TenantId id) {
    return first(
        Sql.rows(s, "select cast(fact as text) from tenant_ref where tenant_id = ?1", id.value()),
        TENANT);
  }

  @Override
  public Uni<Optional<TenantFact>> tenant(Mutiny.Session s, String slug) {
    return first(
        Sql.rows(s, "select cast(fact as text) from tenant_ref where slug = ?1", slug), TENANT);
  }

  @Override
  public Uni<Optional<ProjectFact>> project(Mutiny.Session s, ProjectId id) {
    return first(
        Sql.rows(s, "select cast(fact as text) from project_ref where project_id = ?1", id.value()),
        PROJECT);
  }

  @Override
  public Uni<Optional<ProjectFact>> project(Mutiny.Session s, String tenantSlug, String slug) {
    return first(
        Sql.rows(
            s,
            """
            select cast(p.fact as text) from project_ref p
            join tenant_ref t on t.tenant_id = p.tenant_id
            where t.slug = ?1 and p.slug = ?2""",
            tenantSlug,
            slug),
        PROJECT);
  }

  @Override
  public Uni<Optional<MembershipFact>> member(Mutiny.Session s, TenantId tenant, String subject) {
    return Sql.rows(
            s,
            """
            select username, array_to_string(roles, ','), cast(project_roles as text)
            from member_ref where tenant_id = ?1 and subject = ?2""",
            tenant.value(),
            subject)
        .map(rows -> rows.stream().findFirst().map(row -> member(tenant, subject, row)));
  }

  private MembershipFact member(TenantId tenant, String subject, Object[] row) {
    String roles = (String) row[1];
    return new MembershipFact(
        tenant,
        subject,
        (String) row[0],
        roles.isEmpty() ? List.of() : Arrays.asList(roles.split(",")),
        read((String) row[2], PROJECT_ROLES));
  }

  private <T> Uni<Optional<T>> first(Uni<List<Object[]>> rows, TypeReference<T> type) {
    return rows.map(found -> found.stream().findFirst().map(row -> read((String) row[0], type)));
  }

  private <T> T read(String text, TypeReference<T> type) {
    try {
      return json.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
