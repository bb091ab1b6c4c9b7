package dev.gpucloud.tenant.members;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.tenant.engine.MemberRole;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Changes memberships: the rows and the event that tells it, in the caller's transaction. */
@ApplicationScoped
public class MemberWriter {
  private static final int CHUNK = 1000;

  private final MemberRepository members;
  private final Outbox outbox;
  private final Audit audit;
  private final InstantSource clock;

  MemberWriter(
      MemberRepository members, Outbox outbox, Audit audit, @Business InstantSource clock) {
    this.audit = audit;
    this.members = members;
    this.outbox = outbox;
    this.clock = clock;
  }

  /**
   * Gives a person exactly these roles; answers the row, and whether anything changed. The last
   * owner of a tenant stays its owner.
   */
  public Uni<Change> set(Mutiny.Session session, TenantId tenant, String subject, Grant grant) {
    return members
        .findLocked(session, tenant, subject)
        .chain(member -> keepLastOwner(session, member, grant).replaceWith(member))
        .chain(
            member ->
                members
                    .projectRoles(session, tenant, List.of(subject))
                    .chain(rows -> set(session, tenant, subject, grant, member, rows)));
  }

  /**
   * As {@link #set} for many people of one tenant: reads them with two statements for a thousand
   * and writes those who are new together, so that an import of thousands takes seconds.
   */
  public Uni<List<Change>> setAll(
      Mutiny.Session session, TenantId tenant, Map<String, Grant> grants) {
    List<String> subjects = List.copyOf(grants.keySet());
    List<Change> changes = new ArrayList<>();
    Uni<Void> done = Uni.createFrom().voidItem();
    for (int from = 0; from < subjects.size(); from += CHUNK) {
      List<String> some = subjects.subList(from, Math.min(subjects.size(), from + CHUNK));
      done = done.chain(() -> setSome(session, tenant, some, grants, changes));
    }
    return done.replaceWith(changes);
  }

  private Uni<Void> setSome(
      Mutiny.Session session,
      TenantId tenant,
      List<String> subjects,
      Map<String, Grant> grants,
      List<Change> changes) {
    return members
        .withSubjectsLocked(session, tenant, subjects)
        .chain(
            known ->
                members
                    .projectRoles(session, tenant, subjects)
                    .chain(
                        roles -> {
                          var found = new HashMap<String, MemberEntity>();
                          known.forEach(member -> found.put(member.subject(), member));
                          Map<String, List<ProjectMemberEntity>> rows =
                              roles.stream()
                                  .collect(Collectors.groupingBy(ProjectMemberEntity::subject));
                          Uni<Void> done =
                              addNew(session, tenant, subjects, grants, found.keySet(), changes);
                          for (String subject : subjects) {
                            MemberEntity member = found.get(subject);
                            if (member != null) {
                              Grant grant = Objects.requireNonNull(grants.get(subject));
                              List<ProjectMemberEntity> own = rows.getOrDefault(subject, List.of());
                              done =
                                  done.chain(() -> keepLastOwner(session, member, grant))
                                      .chain(
                                          () -> set(session, tenant, subject, grant, member, own))
                                      .invoke(changes::add)
                                      .replaceWithVoid();
                            }
                          }
                          return done;
                        }))
        .chain(session::flush)
        .invoke(() -> changes.forEach(change -> session.detach(change.member())));
  }

  private Uni<Void> addNew(
      Mutiny.Session session,
      TenantId tenant,
      List<String> subjects,
      Map<String, Grant> grants,
      Set<String> known,
      List<Change> changes) {
    Instant now = clock.instant();
    List<MemberEntity> rows = new ArrayList<>();
    List<ProjectMemberEntity> roles = new ArrayList<>();
    List<OutboxEvent> events = new ArrayList<>();
    List<AuditChange> told = new ArrayList<>();
    for (String subject : subjects) {
      if (known.contains(subject)) {
        continue;
      }
      Grant grant = Objects.requireNonNull(grants.get(subject));
      MemberEntity member = newMember(tenant, subject, grant, now);
      rows.add(member);
      grant
          .projectRoles()
          .forEach((id, held) -> roles.add(ProjectMemberEntity.of(tenant, subject, id, held)));
      events.add(event(member, grant.projectRoles(), now));
      told.add(told(null, member, grant));
      changes.add(new Change(member, true));
    }
    if (rows.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return session
        .persistAll(rows.toArray())
        .chain(session::flush)
        .chain(() -> session.persistAll(roles.toArray()))
        .chain(session::flush)
        .chain(() -> outbox.append(session, events.toArray(OutboxEvent[]::new)))
        .chain(() -> audit.changed(session, told))
        .invoke(() -> rows.forEach(session::detach))
        .invoke(() -> roles.forEach(session::detach));
  }

  private static MemberEntity newMember(TenantId tenant, String subject, Grant grant, Instant now) {
    MemberEntity member = MemberEntity.of(tenant, subject, grant.username(), now);
    member.set(grant.username(), grant.roles(), !grant.projectRoles().isEmpty());
    member.changed(now);
    return member;
  }

  /** A member's row after {@link #set}. */
  public record Change(MemberEntity member, boolean changed) {}

  private Uni<Void> keepLastOwner(
      Mutiny.Session session, @Nullable MemberEntity member, Grant grant) {
    if (member == null || !member.roles().contains(MemberRole.OWNER) || grant.isOwner()) {
      return Uni.createFrom().voidItem();
    }
    return members
        .ownersLocked(session, member.tenant())
        .invoke(
            owners -> {
              if (owners.stream().allMatch(owner -> owner.subject().equals(member.subject()))) {
                throw ProblemType.STATE_CONFLICT
                    .because("A tenant keeps at least one owner; make somebody else owner first.")
                    .at("/roles", "the last owner cannot give up OWNER");
              }
            })
        .replaceWithVoid();
  }

  private Uni<Change> set(
      Mutiny.Session session,
      TenantId tenant,
      String subject,
      Grant grant,
      @Nullable MemberEntity found,
      List<ProjectMemberEntity> rows) {
    Instant now = clock.instant();
    if (found == null && grant.roles().isEmpty() && grant.projectRoles().isEmpty()) {
      throw new IllegalArgumentException("a grant of nothing to nobody");
    }
    MemberEntity member =
        found == null ? MemberEntity.of(tenant, subject, grant.username(), now) : found;
    if (found != null && isSame(member, rows, grant)) {
      return Uni.createFrom().item(new Change(member, false));
    }
    MemberView before = found == null ? null : MemberView.of(member, byProject(rows));
    member.set(grant.username(), grant.roles(), !grant.projectRoles().isEmpty());
    member.changed(now);
    Uni<Void> saved = found == null ? session.persist(member) : Uni.createFrom().voidItem();
    return saved
        .chain(session::flush)
        .chain(() -> replaceProjectRoles(session, tenant, subject, rows, grant))
        .chain(() -> outbox.append(session, event(member, grant.projectRoles(), now)))
        .chain(() -> audit.changed(session, told(before, member, grant)))
        .replaceWith(new Change(member, true));
  }

  private static AuditChange told(@Nullable MemberView before, MemberEntity member, Grant grant) {
    String action = member.active() ? "tenant.member.set" : "tenant.member.remove";
    return AuditChange.ofAccess(action, "member", member.subject())
        .at(member.tenant())
        .from(before)
        .to(MemberView.of(member, grant.projectRoles()));
  }

  private static boolean isSame(MemberEntity member, List<ProjectMemberEntity> rows, Grant grant) {
    return member.username().equals(grant.username())
        && member.roles().equals(grant.roles())
        && byProject(rows).equals(grant.projectRoles());
  }

  private Uni<Void> replaceProjectRoles(
      Mutiny.Session session,
      TenantId tenant,
      String subject,
      List<ProjectMemberEntity> rows,
      Grant grant) {
    if (byProject(rows).equals(grant.projectRoles())) {
      return Uni.createFrom().voidItem();
    }
    Object[] wanted =
        grant.projectRoles().entrySet().stream()
            .map(e -> ProjectMemberEntity.of(tenant, subject, e.getKey(), e.getValue()))
            .toArray();
    rows.forEach(session::detach);
    return members
        .deleteProjectRoles(session, tenant, subject)
        .chain(() -> session.persistAll(wanted))
        .chain(session::flush);
  }

  /** Roles by project. */
  public static Map<ProjectId, Set<MemberRole>> byProject(List<ProjectMemberEntity> rows) {
    var roles = new LinkedHashMap<ProjectId, Set<MemberRole>>();
    rows.forEach(row -> roles.put(row.project(), row.roles()));
    return roles;
  }

  private static OutboxEvent event(
      MemberEntity member, Map<ProjectId, Set<MemberRole>> projectRoles, Instant now) {
    String key = member.tenant() + "/" + member.subject();
    return new OutboxEvent(
        Ids.next(),
        Topics.MEMBERSHIPS,
        key,
        EventTypes.MEMBERSHIP_SET,
        key,
        member.tenant(),
        member.version(),
        now,
        member.fact(projectRoles));
  }

  static List<String> names(Set<MemberRole> roles) {
    return roles.stream().sorted().map(Enum::name).toList();
  }
}
