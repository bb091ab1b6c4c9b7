package dev.gpucloud.tenant.members;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.Pointers;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.projects.ProjectRepository;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Roles of members in the caller's transaction, for members that are kept elsewhere as well. */
@ApplicationScoped
public class MemberRoles {
  private final MemberRepository members;
  private final ProjectRepository projects;
  private final MemberWriter writer;

  MemberRoles(MemberRepository members, ProjectRepository projects, MemberWriter writer) {
    this.members = members;
    this.projects = projects;
    this.writer = writer;
  }

  /** Gives a subject exactly these roles; every project must be one of the tenant. */
  public Uni<MemberView> set(Mutiny.Session session, TenantId tenant, String subject, Grant grant) {
    return requireProjects(session, tenant, grant)
        .chain(() -> writer.set(session, tenant, subject, grant))
        .map(change -> MemberView.of(change.member(), grant.projectRoles()));
  }

  /** Takes every role away. */
  public Uni<Void> revoke(Mutiny.Session session, TenantId tenant, String subject, String name) {
    return writer.set(session, tenant, subject, Grant.none(name)).replaceWithVoid();
  }

  /** Members by subject. */
  public Uni<Map<String, MemberView>> of(
      Mutiny.Session session, TenantId tenant, Collection<String> subjects) {
    if (subjects.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    return members
        .withSubjects(session, tenant, subjects)
        .chain(
            rows ->
                members
                    .projectRoles(session, tenant, subjects)
                    .map(projectRoles -> views(rows, projectRoles)));
  }

  private static Map<String, MemberView> views(
      List<MemberEntity> rows, List<ProjectMemberEntity> projectRoles) {
    Map<String, Map<ProjectId, Set<MemberRole>>> bySubject = new LinkedHashMap<>();
    projectRoles.forEach(
        row ->
            bySubject
                .computeIfAbsent(row.subject(), s -> new LinkedHashMap<>())
                .put(row.project(), row.roles()));
    Map<String, MemberView> views = new LinkedHashMap<>();
    rows.forEach(
        row ->
            views.put(
                row.subject(),
                MemberView.of(row, bySubject.getOrDefault(row.subject(), Map.of()))));
    return views;
  }

  /** Refuses a grant that names a project the tenant has not. */
  public Uni<Void> requireProjects(Mutiny.Session session, TenantId tenant, Grant grant) {
    List<UUID> wanted = grant.projectRoles().keySet().stream().map(ProjectId::value).toList();
    if (wanted.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return projects
        .existing(session, tenant, wanted)
        .invoke(
            found -> {
              var violations = new Violations();
              grant.projectRoles().keySet().stream()
                  .filter(project -> !found.contains(project.value()))
                  .forEach(
                      project ->
                          violations.add(
                              "/projectRoles/" + Pointers.escape(project.toString()),
                              "the tenant has no such project"));
              Refusals.throwIfAny(ProblemType.UNKNOWN_REFERENCE, violations);
            })
        .replaceWithVoid();
  }
}
