package dev.gpucloud.tenant.access;

import dev.gpucloud.contracts.event.MembershipFact;
import dev.gpucloud.contracts.event.ProjectFact;
import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.access.ReferenceSource;
import dev.gpucloud.tenant.members.MemberEntity;
import dev.gpucloud.tenant.members.MemberRepository;
import dev.gpucloud.tenant.members.MemberWriter;
import dev.gpucloud.tenant.projects.ProjectEntity;
import dev.gpucloud.tenant.projects.ProjectRepository;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Tenants, projects and members as they were committed last: whoever was answered that something is
 * so finds it so with the next request.
 */
@ApplicationScoped
class OwnTables implements ReferenceSource {
  private final TenantRepository tenants;
  private final ProjectRepository projects;
  private final MemberRepository members;

  OwnTables(TenantRepository tenants, ProjectRepository projects, MemberRepository members) {
    this.tenants = tenants;
    this.projects = projects;
    this.members = members;
  }

  @Override
  public Uni<Optional<TenantFact>> tenant(Mutiny.Session s, TenantId id) {
    return tenants.find(s, id).map(OwnTables::fact);
  }

  @Override
  public Uni<Optional<TenantFact>> tenant(Mutiny.Session s, String slug) {
    return tenants.findBySlug(s, slug).map(OwnTables::fact);
  }

  private static Optional<TenantFact> fact(@Nullable TenantEntity tenant) {
    return Optional.ofNullable(tenant).map(TenantEntity::fact);
  }

  @Override
  public Uni<Optional<ProjectFact>> project(Mutiny.Session s, ProjectId id) {
    return projects.find(s, id).map(OwnTables::fact);
  }

  @Override
  public Uni<Optional<ProjectFact>> project(Mutiny.Session s, String tenantSlug, String slug) {
    return projects.findBySlugs(s, tenantSlug, slug).map(OwnTables::fact);
  }

  private static Optional<ProjectFact> fact(@Nullable ProjectEntity project) {
    return Optional.ofNullable(project).map(ProjectEntity::fact);
  }

  @Override
  public Uni<Optional<MembershipFact>> member(Mutiny.Session s, TenantId tenant, String subject) {
    return members
        .find(s, tenant, subject)
        .chain(
            member ->
                member == null || !member.active()
                    ? Uni.createFrom().item(Optional.empty())
                    : withProjects(s, member).map(Optional::of));
  }

  private Uni<MembershipFact> withProjects(Mutiny.Session s, MemberEntity member) {
    return members
        .projectRoles(s, member.tenant(), List.of(member.subject()))
        .map(rows -> member.fact(MemberWriter.byProject(rows)));
  }
}
