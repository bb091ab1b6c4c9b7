package dev.gpucloud.tenant.members;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.Pointers;
import dev.gpucloud.tenant.engine.Texts;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.projects.ProjectRepository;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.request.UniqueViolations;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Lists members and gives and takes their roles. */
@ApplicationScoped
class MemberService {
  private static final int MAX_SUBJECT_LENGTH = 64;

  private final Transactions transactions;
  private final MemberRepository members;
  private final ProjectRepository projects;
  private final MemberWriter writer;

  MemberService(
      Transactions transactions,
      MemberRepository members,
      ProjectRepository projects,
      MemberWriter writer) {
    this.transactions = transactions;
    this.members = members;
    this.projects = projects;
    this.writer = writer;
  }

  Uni<Page<MemberView>> list(TenantId tenant, PageRequest page) {
    String after = page.after().getOrDefault("subject", "");
    return transactions.asTenant(
        tenant,
        session ->
            members
                .page(session, tenant, after, page.limit())
                .chain(rows -> withProjectRoles(session, tenant, rows))
                .map(views -> page.page(views, v -> v, v -> Map.of("subject", v.subject()))));
  }

  private Uni<List<MemberView>> withProjectRoles(
      Mutiny.Session session, TenantId tenant, List<MemberEntity> rows) {
    if (rows.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return members
        .projectRoles(session, tenant, rows.stream().map(MemberEntity::subject).toList())
        .map(
            projectRoles -> {
              var bySubject = new LinkedHashMap<String, Map<ProjectId, Set<MemberRole>>>();
              projectRoles.forEach(
                  row ->
                      bySubject
                          .computeIfAbsent(row.subject(), s -> new LinkedHashMap<>())
                          .put(row.project(), row.roles()));
              return rows.stream()
                  .map(m -> MemberView.of(m, bySubject.getOrDefault(m.subject(), Map.of())))
                  .toList();
            });
  }

  /**
   * Gives a person exactly the roles asked for. A person without a role there yet needs no
   * If-Match.
   */
  Uni<MemberView> set(
      TenantId tenant, String subject, SetMemberRequest request, @Nullable String ifMatch) {
    var violations = new Violations();
    if (!Texts.isPrintable(subject, MAX_SUBJECT_LENGTH)) {
      violations.add("subject", "expected 1 to " + MAX_SUBJECT_LENGTH + " printable characters");
    }
    Grant grant = request.grant(violations);
    Refusals.throwIfAny(violations);
    return transactions
        .asTenant(
            tenant,
            session ->
                members
                    .findLocked(session, tenant, subject)
                    .invoke(member -> requireVersion(member, ifMatch))
                    .chain(() -> requireProjects(session, tenant, grant))
                    .chain(() -> writer.set(session, tenant, subject, grant)))
        .onFailure(UniqueViolations::is)
        .transform(
            raced ->
                ProblemType.VERSION_MISMATCH.because("Somebody else added this member just now."))
        .map(change -> MemberView.of(change.member(), grant.projectRoles()));
  }

  private static void requireVersion(@Nullable MemberEntity member, @Nullable String ifMatch) {
    if (member != null && member.active()) {
      ETags.require(ifMatch, member.version());
    } else {
      ETags.check(ifMatch, 0);
    }
  }

  private Uni<Void> requireProjects(Mutiny.Session session, TenantId tenant, Grant grant) {
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

  /** Takes every role away. */
  Uni<Void> remove(TenantId tenant, String subject, @Nullable String ifMatch) {
    if (!Texts.isPrintable(subject, MAX_SUBJECT_LENGTH)) {
      throw Refusals.notFound("member");
    }
    return transactions
        .asTenant(
            tenant,
            session ->
                members
                    .findLocked(session, tenant, subject)
                    .map(MemberService::active)
                    .invoke(member -> ETags.require(ifMatch, member.version()))
                    .chain(
                        member ->
                            writer.set(session, tenant, subject, Grant.none(member.username()))))
        .replaceWithVoid();
  }

  private static MemberEntity active(@Nullable MemberEntity member) {
    if (member == null || !member.active()) {
      throw Refusals.notFound("member");
    }
    return member;
  }
}
