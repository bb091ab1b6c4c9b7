package dev.gpucloud.tenant.invitations;

import dev.gpucloud.contracts.id.InvitationId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.RoleGrants;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.invitations.InvitationEntity.Place;
import dev.gpucloud.tenant.members.MemberRoles;
import dev.gpucloud.tenant.notifications.Notice;
import dev.gpucloud.tenant.notifications.Notifications;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.tenants.TenantRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Sends, lists and revokes invitations. */
@ApplicationScoped
class InvitationService {
  private final Transactions transactions;
  private final InvitationRepository invitations;
  private final HeldRoles roles;
  private final MemberRoles members;
  private final Audit audit;
  private final TenantRepository tenants;
  private final Notifications notifications;
  private final InvitationConfig config;
  private final InstantSource system;

  InvitationService(
      Transactions transactions,
      InvitationRepository invitations,
      HeldRoles roles,
      MemberRoles members,
      Audit audit,
      TenantRepository tenants,
      Notifications notifications,
      InvitationConfig config,
      @SystemClock InstantSource system) {
    this.transactions = transactions;
    this.invitations = invitations;
    this.roles = roles;
    this.members = members;
    this.audit = audit;
    this.tenants = tenants;
    this.notifications = notifications;
    this.config = config;
    this.system = system;
  }

  /** Invites, in the caller's transaction; only who has the token can accept. */
  Uni<InvitationView> invite(
      Mutiny.Session session, Place place, InviteRequest.Asked asked, InvitationToken token) {
    Instant now = system.instant();
    var times = new InvitationEntity.Times(now, now.plus(config.validity()));
    return tenants
        .find(session, place.tenant())
        .invoke(tenant -> Objects.requireNonNull(tenant).requireStaying("invites nobody"))
        .chain(() -> giver(session, place))
        .invoke(giver -> refuseAbove(giver, asked))
        .chain(() -> members.requireProjects(session, place.tenant(), asked.grant()))
        .chain(() -> invitations.countPending(session, place.tenant(), now))
        .invoke(this::refuseTooMany)
        .chain(
            () -> {
              var row = InvitationEntity.of(place, asked, token, times);
              return session.persist(row).chain(session::flush).replaceWith(row);
            })
        .map(row -> InvitationView.of(row, now))
        .call(view -> send(session, place, view, token));
  }

  private Uni<RoleGrants.Roles> giver(Mutiny.Session session, Place place) {
    return place.isPlatform()
        ? Uni.createFrom().item(RoleGrants.Roles.ALL)
        : roles.of(session, place.tenant(), place.by().subject());
  }

  private Uni<Void> send(
      Mutiny.Session session, Place place, InvitationView view, InvitationToken token) {
    var roles = new TreeSet<>(view.roles());
    view.projectRoles().values().forEach(roles::addAll);
    String names = roles.stream().map(Enum::name).collect(Collectors.joining(", "));
    return tenants
        .find(session, place.tenant())
        .map(Objects::requireNonNull)
        .chain(
            tenant ->
                notifications.tell(
                    session,
                    Notice.of(
                            NotificationKind.INVITATION_SENT,
                            view.tenantId(),
                            view.id().toString(),
                            view.createdAt())
                        .with("tenantName", tenant.name())
                        .with("inviter", view.invitedByName())
                        .with("roles", names)
                        .with("expiresAt", view.expiresAt())
                        .invited(view.email(), token.text())));
  }

  private static void refuseAbove(RoleGrants.Roles giver, InviteRequest.Asked asked) {
    var violations = new Violations();
    RoleGrants.check(
        giver,
        new RoleGrants.Roles(asked.roles().atTenant(), asked.roles().byProject()),
        violations);
    Refusals.throwIfAny(ProblemType.FORBIDDEN, violations);
  }

  private void refuseTooMany(long pending) {
    if (pending >= config.mostPending()) {
      throw ProblemType.QUOTA_EXCEEDED
          .because("The tenant has " + pending + " invitations that wait; revoke some first.")
          .with("limit", config.mostPending());
    }
  }

  /** Those of the tenant, or those that owners of the project sent. */
  Uni<Page<InvitationView>> list(TenantId tenant, @Nullable ProjectId project, PageRequest page) {
    Instant now = system.instant();
    var begin = new InvitationRepository.Page(page.after().get("id"), page.limit());
    return transactions
        .asTenant(tenant, session -> invitations.page(session, tenant, project, begin))
        .map(
            rows ->
                page.page(
                    rows,
                    row -> InvitationView.of(row, now),
                    row -> Map.of("id", row.id().value().toString())));
  }

  /** Takes an invitation back; doing so again changes nothing. */
  Uni<Void> revoke(TenantId tenant, @Nullable ProjectId project, String id) {
    InvitationId parsed = parse(id);
    return transactions.asTenant(
        tenant,
        session ->
            invitations
                .findLocked(session, tenant, parsed)
                .chain(row -> revoke(session, row, project)));
  }

  private Uni<Void> revoke(
      Mutiny.Session session, @Nullable InvitationEntity row, @Nullable ProjectId project) {
    if (row == null || project != null && !project.equals(row.project())) {
      throw Refusals.notFound("invitation");
    }
    Instant now = system.instant();
    InvitationView before = InvitationView.of(row, now);
    return switch (row.word(now)) {
      case "ACCEPTED" ->
          throw ProblemType.STATE_CONFLICT
              .because("The invitation is accepted; take the member's roles away instead.")
              .with("state", "ACCEPTED")
              .with("member", String.valueOf(row.acceptedBy()));
      case "REVOKED" -> Uni.createFrom().voidItem();
      default -> {
        row.revoke(now);
        yield audit.changed(
            session,
            AuditChange.ofAccess("tenant.invitation.revoke", "invitation", row.id().toString())
                .at(row.tenant())
                .from(before)
                .to(InvitationView.of(row, now)));
      }
    };
  }

  private static InvitationId parse(String id) {
    try {
      return InvitationId.parse(id);
    } catch (IllegalArgumentException e) {
      throw Refusals.notFound("invitation");
    }
  }
}
