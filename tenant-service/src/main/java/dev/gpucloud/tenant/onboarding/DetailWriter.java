package dev.gpucloud.tenant.onboarding;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.QuotaRules;
import dev.gpucloud.tenant.engine.QuotaTerms;
import dev.gpucloud.tenant.members.Grant;
import dev.gpucloud.tenant.members.MemberWriter;
import dev.gpucloud.tenant.projects.ProjectEntity;
import dev.gpucloud.tenant.projects.ProjectSpec;
import dev.gpucloud.tenant.projects.ProjectWriter;
import dev.gpucloud.tenant.quotas.QuotaEntity;
import dev.gpucloud.tenant.quotas.QuotaScope;
import dev.gpucloud.tenant.quotas.QuotaWriter;
import dev.gpucloud.tenant.tenants.TenantEntity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.hibernate.reactive.mutiny.Mutiny;

/** Brings one tenant's projects, quotas and members to what is declared, in this order. */
@ApplicationScoped
class DetailWriter {
  private final ProjectWriter projects;
  private final QuotaWriter quotas;
  private final MemberWriter members;

  DetailWriter(ProjectWriter projects, QuotaWriter quotas, MemberWriter members) {
    this.projects = projects;
    this.quotas = quotas;
    this.members = members;
  }

  /** The tenant being brought up, what there was before, and the counts of the whole import. */
  record Work(
      Mutiny.Session session,
      TenantEntity tenant,
      Declared declared,
      World world,
      Onboarding.Tallies tallies) {}

  Uni<Void> write(Work work) {
    Map<String, ProjectId> ids = new HashMap<>();
    work.world().projectsOf(work.tenant()).forEach((slug, project) -> ids.put(slug, project.id()));
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Declared.Project project : work.declared().projects()) {
      done =
          done.chain(() -> write(work, project))
              .invoke(row -> ids.put(row.slug(), row.id()))
              .replaceWithVoid();
    }
    for (Map.Entry<String, Optional<Integer>> quota : work.declared().quotas().entrySet()) {
      done = done.chain(() -> write(work, quota.getKey(), quota.getValue()));
    }
    return done.chain(() -> writeMembers(work, ids));
  }

  private Uni<ProjectEntity> write(Work work, Declared.Project declared) {
    ProjectEntity project = work.world().projectsOf(work.tenant()).get(declared.slug());
    if (project == null) {
      work.tallies().projects().created();
      return projects.open(work.session(), work.tenant().id(), spec(declared));
    }
    return projects
        .change(work.session(), project, spec(declared, project), project.state())
        .invoke(work.tallies().projects()::updated)
        .replaceWith(project);
  }

  private static ProjectSpec spec(Declared.Project declared) {
    return new ProjectSpec(
        declared.slug(),
        Objects.requireNonNullElse(declared.name(), declared.slug()),
        declared.costCenter(),
        Objects.requireNonNullElse(declared.labels(), Map.of()));
  }

  private static ProjectSpec spec(Declared.Project declared, ProjectEntity before) {
    return new ProjectSpec(
        before.slug(),
        Objects.requireNonNullElse(declared.name(), before.name()),
        declared.costCenter() == null ? before.costCenter() : declared.costCenter(),
        Objects.requireNonNullElse(declared.labels(), before.labels()));
  }

  private Uni<Void> write(Work work, String model, Optional<Integer> limit) {
    QuotaEntity quota = work.world().quotas().get(new QuotaRules.Key(work.tenant().slug(), model));
    if (quota == null) {
      work.tallies().quotas().created();
      return quotas
          .open(
              work.session(),
              QuotaScope.of(work.tenant().id()),
              model,
              QuotaTerms.limit(limit.orElse(null)))
          .replaceWithVoid();
    }
    return quotas
        .change(work.session(), quota, quota.terms().withLimit(limit.orElse(null)))
        .invoke(work.tallies().quotas()::updated)
        .replaceWithVoid();
  }

  private Uni<Void> writeMembers(Work work, Map<String, ProjectId> ids) {
    var grants = new LinkedHashMap<String, Grant>();
    work.declared().members().forEach(member -> grants.put(member.subject(), grant(member, ids)));
    return members
        .setAll(work.session(), work.tenant().id(), grants)
        .invoke(changes -> changes.forEach(change -> count(work.tallies().members(), change)))
        .replaceWithVoid();
  }

  private static Grant grant(Declared.Member declared, Map<String, ProjectId> ids) {
    var projectRoles = new LinkedHashMap<ProjectId, Set<MemberRole>>();
    declared
        .projectRoles()
        .forEach(
            (slug, roles) -> {
              if (!roles.isEmpty()) {
                projectRoles.put(Objects.requireNonNull(ids.get(slug)), roles);
              }
            });
    return new Grant(declared.username(), declared.roles(), projectRoles);
  }

  private static void count(ImportReport.Tally tally, MemberWriter.Change change) {
    if (change.changed() && change.member().version() == 1) {
      tally.created();
    } else {
      tally.updated(change.changed());
    }
  }
}
