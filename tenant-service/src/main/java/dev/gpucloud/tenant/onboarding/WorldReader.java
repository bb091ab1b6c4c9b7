package dev.gpucloud.tenant.onboarding;

import dev.gpucloud.tenant.projects.ProjectEntity;
import dev.gpucloud.tenant.projects.ProjectRepository;
import dev.gpucloud.tenant.quotas.QuotaEntity;
import dev.gpucloud.tenant.quotas.QuotaRepository;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads what declarations must fit, under the tree's lock, so that it stays true until commit. */
@ApplicationScoped
class WorldReader {
  private final TenantRepository tenants;
  private final ProjectRepository projects;
  private final QuotaRepository quotas;

  WorldReader(TenantRepository tenants, ProjectRepository projects, QuotaRepository quotas) {
    this.tenants = tenants;
    this.projects = projects;
    this.quotas = quotas;
  }

  Uni<World> read(Mutiny.Session session, List<Declared> declared) {
    return tenants
        .lockTree(session)
        .chain(() -> tenants.all(session))
        .chain(
            all ->
                quotasOf(session, declared)
                    .chain(
                        limits ->
                            projectsOf(session, declared, all)
                                .map(found -> World.of(all, limits, found))));
  }

  /** A declared place in the tree matters for every model, so then all rows are read. */
  private Uni<List<QuotaEntity>> quotasOf(Mutiny.Session session, List<Declared> declared) {
    return declared.isEmpty() ? Uni.createFrom().item(List.of()) : quotas.all(session);
  }

  private Uni<List<ProjectEntity>> projectsOf(
      Mutiny.Session session, List<Declared> declared, List<TenantEntity> all) {
    Set<String> slugs = new HashSet<>();
    declared.forEach(tenant -> slugs.add(tenant.spec().slug()));
    Set<UUID> ids =
        all.stream()
            .filter(tenant -> slugs.contains(tenant.slug()))
            .map(TenantEntity::uuid)
            .collect(Collectors.toSet());
    return ids.isEmpty() ? Uni.createFrom().item(List.of()) : projects.ofTenants(session, ids);
  }
}
