package dev.gpucloud.tenant.projects;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.TenantScope;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.request.UniqueViolations;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Opens, reads and changes the projects of one tenant. */
@ApplicationScoped
class ProjectService {
  private final Transactions transactions;
  private final TenantRepository tenants;
  private final ProjectRepository projects;
  private final ProjectWriter writer;

  ProjectService(
      Transactions transactions,
      TenantRepository tenants,
      ProjectRepository projects,
      ProjectWriter writer) {
    this.transactions = transactions;
    this.tenants = tenants;
    this.projects = projects;
    this.writer = writer;
  }

  /** Opens a project in the caller's transaction. */
  Uni<ProjectView> open(Mutiny.Session session, TenantId tenant, CreateProjectRequest request) {
    var violations = new Violations();
    ProjectSpec spec = request.spec(violations);
    Refusals.throwIfAny(violations);
    return requireOpenTenant(session, tenant)
        .chain(
            () ->
                projects.find(
                    session, tenant, new ProjectName(spec.slug(), false), LockModeType.NONE))
        .invoke(
            existing -> {
              if (existing != null) {
                throw slugInUse(spec.slug());
              }
            })
        .chain(() -> writer.open(session, tenant, spec))
        .onFailure(UniqueViolations::is)
        .transform(raced -> slugInUse(spec.slug()))
        .map(ProjectView::of);
  }

  /** All projects of the tenant; for who has no role there, those with a role. */
  Uni<Page<ProjectView>> list(TenantScope scope, PageRequest page) {
    var begin = new ProjectRepository.Page(page.after().getOrDefault("slug", ""), page.limit());
    TenantId tenant = scope.tenantId();
    return transactions
        .asTenant(
            tenant,
            session ->
                scope.roles().isEmpty()
                    ? projects.page(session, tenant, scope.projects(), begin)
                    : projects.page(session, tenant, begin))
        .map(rows -> page.page(rows, ProjectView::of, row -> Map.of("slug", row.slug())));
  }

  Uni<ProjectView> load(TenantId tenant, ProjectName name) {
    return transactions
        .asTenant(tenant, session -> projects.find(session, tenant, name, LockModeType.NONE))
        .map(ProjectService::loaded)
        .map(ProjectView::of);
  }

  /** Applies a merge patch to the version the caller has seen. */
  Uni<ProjectView> change(
      TenantId tenant, ProjectName name, @Nullable JsonNode patch, @Nullable String ifMatch) {
    var violations = new Violations();
    ProjectPatch change = ProjectPatch.read(patch, violations);
    return transactions
        .asTenant(
            tenant,
            session ->
                projects
                    .find(session, tenant, name, LockModeType.PESSIMISTIC_WRITE)
                    .map(ProjectService::loaded)
                    .invoke(project -> ETags.require(ifMatch, project.version()))
                    .invoke(project -> Refusals.throwIfAny(violations))
                    .call(() -> requireOpenTenant(session, tenant))
                    .call(project -> change.apply(session, project, writer)))
        .map(ProjectView::of);
  }

  private Uni<Void> requireOpenTenant(Mutiny.Session session, TenantId id) {
    return tenants
        .find(session, id)
        .invoke(
            tenant -> {
              if (tenant == null) {
                throw Refusals.notFound("tenant");
              }
              requireOpen(tenant);
            })
        .replaceWithVoid();
  }

  private static void requireOpen(TenantEntity tenant) {
    if (!tenant.state().acceptsChanges()) {
      throw ProblemType.STATE_CONFLICT
          .because("The tenant is " + tenant.state() + "; its projects cannot be changed.")
          .with("state", tenant.state());
    }
  }

  private static RuntimeException slugInUse(String slug) {
    return ProblemType.ALREADY_EXISTS
        .because("The tenant has a project '" + slug + "' already.")
        .at("/slug", "is in use");
  }

  private static ProjectEntity loaded(@Nullable ProjectEntity project) {
    if (project == null) {
      throw Refusals.notFound("project");
    }
    return project;
  }
}
