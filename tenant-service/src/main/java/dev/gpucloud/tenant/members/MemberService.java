package dev.gpucloud.tenant.members;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.text.Texts;
import dev.gpucloud.kit.access.References;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Lists members and gives and takes their roles. */
@ApplicationScoped
class MemberService {
  private static final int MAX_SUBJECT_LENGTH = 64;
  private static final String SERVICE_ACCOUNT = "sac_";

  private final Transactions transactions;
  private final MemberRepository members;
  private final MemberRoles roles;
  private final MemberWriter writer;
  private final References references;
  private final List<Departure> departures;

  MemberService(
      Transactions transactions,
      MemberRepository members,
      MemberRoles roles,
      MemberWriter writer,
      References references,
      @All List<Departure> departures) {
    this.references = references;
    this.departures = departures;
    this.transactions = transactions;
    this.members = members;
    this.roles = roles;
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

  /** Gives a member exactly the roles asked for; who is none joins by an invitation. */
  Uni<MemberView> set(
      TenantId tenant, String subject, SetMemberRequest request, @Nullable String ifMatch) {
    var violations = new Violations();
    if (!Texts.isPrintable(subject, MAX_SUBJECT_LENGTH)) {
      violations.add("subject", "expected 1 to " + MAX_SUBJECT_LENGTH + " printable characters");
    }
    if (subject.startsWith(SERVICE_ACCOUNT)) {
      violations.add("subject", "is a service account; change it at /service-accounts");
    }
    Grant grant = request.grant(violations);
    Refusals.throwIfAny(violations);
    return transactions
        .asTenant(
            tenant,
            session ->
                members
                    .findLocked(session, tenant, subject)
                    .map(MemberService::joined)
                    .invoke(member -> ETags.require(ifMatch, member.version()))
                    .chain(() -> roles.requireProjects(session, tenant, grant))
                    .chain(() -> writer.set(session, tenant, subject, grant)))
        .map(change -> MemberView.of(change.member(), grant.projectRoles()));
  }

  private static MemberEntity joined(@Nullable MemberEntity member) {
    if (member == null || !member.active()) {
      throw ProblemType.NOT_FOUND.because(
          "There is no such member. Nobody is made one unasked: invite the person with"
              + " POST /api/v1/tenants/{tenant}/invitations.");
    }
    return member;
  }

  /** Takes every role away, and with them what the person had by them. */
  Uni<Void> remove(TenantId tenant, String subject, @Nullable String ifMatch, String by) {
    if (!Texts.isPrintable(subject, MAX_SUBJECT_LENGTH) || subject.startsWith(SERVICE_ACCOUNT)) {
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
                    .chain(member -> end(session, tenant, member, by)))
        .replaceWithVoid();
  }

  private Uni<Void> end(Mutiny.Session session, TenantId tenant, MemberEntity member, String by) {
    String subject = member.subject();
    Uni<Void> done =
        writer.set(session, tenant, subject, Grant.none(member.username())).replaceWithVoid();
    for (Departure departure : departures) {
      done = done.chain(() -> departure.left(session, tenant, subject, by));
    }
    return done;
  }

  /** Takes the person's own roles away. */
  Uni<Void> leave(String slugOrId, String subject) {
    return transactions
        .readAsSystem(session -> references.findTenant(session, slugOrId))
        .map(found -> found.orElseThrow(() -> Refusals.notFound("membership")).id())
        .chain(
            tenant ->
                transactions.asTenant(
                    tenant,
                    session ->
                        members
                            .findLocked(session, tenant, subject)
                            .map(MemberService::active)
                            .chain(member -> end(session, tenant, member, subject))))
        .replaceWithVoid();
  }

  private static MemberEntity active(@Nullable MemberEntity member) {
    if (member == null || !member.active()) {
      throw Refusals.notFound("member");
    }
    return member;
  }
}
