package dev.gpucloud.tenant.invitations;

import dev.gpucloud.contracts.id.InvitationId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.Emails;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.RoleGrants;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.members.Grant;
import dev.gpucloud.tenant.members.MemberView;
import dev.gpucloud.tenant.members.MemberWriter;
import dev.gpucloud.tenant.notifications.Addresses;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.tenants.Actor;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Gives an invited person the roles, once. The token alone tells which tenant it is about; from
 * there on everything is done under that tenant's own role.
 */
@ApplicationScoped
class Acceptance {
  private final Transactions transactions;
  private final InvitationRepository invitations;
  private final TenantRepository tenants;
  private final HeldRoles roles;
  private final MemberWriter members;
  private final Addresses addresses;
  private final InstantSource system;

  Acceptance(
      Transactions transactions,
      InvitationRepository invitations,
      TenantRepository tenants,
      HeldRoles roles,
      MemberWriter members,
      Addresses addresses,
      @SystemClock InstantSource system) {
    this.transactions = transactions;
    this.invitations = invitations;
    this.tenants = tenants;
    this.roles = roles;
    this.members = members;
    this.addresses = addresses;
    this.system = system;
  }

  /** Who accepts, with the address that is known to be theirs. */
  record Person(Actor actor, Optional<String> verifiedEmail) {}

  /** Where the person is a member now. */
  @Schema(name = "AcceptedInvitation")
  record Accepted(
      @Schema(implementation = String.class) TenantId tenantId,
      @Schema(examples = "sk-hynix") String tenantSlug,
      MemberView member) {}

  Uni<Accepted> accept(InvitationToken token, Person person) {
    return transactions
        .asSystem(session -> invitations.findByToken(session, token.hash()))
        .map(found -> found.orElseThrow(() -> Refusals.notFound("invitation")))
        .chain(
            found ->
                transactions.asTenant(found.tenant(), session -> accept(session, found, person)));
  }

  private Uni<Accepted> accept(
      Mutiny.Session session, InvitationRepository.Found found, Person person) {
    return tenants
        .find(session, found.tenant())
        .map(Acceptance::open)
        .chain(
            tenant ->
                load(session, found.tenant(), found.id())
                    .invoke(invitation -> requireAddress(invitation, person))
                    .invoke(this::requireWaiting)
                    .call(invitation -> requireGiver(session, invitation))
                    .call(
                        () ->
                            addresses.remember(
                                session, person.actor().subject(), person.verifiedEmail()))
                    .chain(invitation -> join(session, tenant, invitation, person.actor())));
  }

  private Uni<InvitationEntity> load(Mutiny.Session session, TenantId tenant, InvitationId id) {
    return invitations
        .findLocked(session, tenant, id)
        .map(
            row -> {
              if (row == null) {
                throw Refusals.notFound("invitation");
              }
              return row;
            });
  }

  private static TenantEntity open(@Nullable TenantEntity tenant) {
    if (tenant == null) {
      throw Refusals.notFound("invitation");
    }
    tenant.requireStaying("takes no members");
    return tenant;
  }

  private static void requireAddress(InvitationEntity invitation, Person person) {
    String email =
        person
            .verifiedEmail()
            .orElseThrow(
                () ->
                    ProblemType.FORBIDDEN.because(
                        "Your login has no verified e-mail address; verify it and log in again."));
    if (!Emails.folded(email).equals(invitation.email())) {
      throw ProblemType.FORBIDDEN.because(
          "The invitation is for another e-mail address than that of your login.");
    }
  }

  private void requireWaiting(InvitationEntity invitation) {
    String word = invitation.word(system.instant());
    if (!invitation.waits(system.instant())) {
      throw ProblemType.STATE_CONFLICT
          .because("The invitation is " + word + "; ask for a new one if you still need it.")
          .with("state", word);
    }
  }

  /** Who invited may have lost the right to meanwhile. */
  private Uni<Void> requireGiver(Mutiny.Session session, InvitationEntity invitation) {
    if (invitation.isByPlatform()) {
      return Uni.createFrom().voidItem();
    }
    return roles
        .of(session, invitation.tenant(), invitation.invitedBy())
        .invoke(
            giver -> {
              var violations = new Violations();
              RoleGrants.check(giver, invitation.roles(), violations);
              if (!violations.isEmpty()) {
                throw ProblemType.STATE_CONFLICT
                    .because("Who invited you may not give these roles any more; ask an owner.")
                    .with("invitedBy", invitation.invitedByName());
              }
            })
        .replaceWithVoid();
  }

  /** Adds the roles to those that the person has already. */
  private Uni<Accepted> join(
      Mutiny.Session session, TenantEntity tenant, InvitationEntity invitation, Actor person) {
    Instant now = system.instant();
    invitation.accept(person.subject(), now);
    return roles
        .of(session, invitation.tenant(), person.subject())
        .map(own -> merged(own, invitation.roles(), person.name()))
        .chain(
            grant ->
                members
                    .set(session, invitation.tenant(), person.subject(), grant)
                    .map(
                        change ->
                            new Accepted(
                                invitation.tenant(),
                                tenant.slug(),
                                MemberView.of(change.member(), grant.projectRoles()))));
  }

  private static Grant merged(RoleGrants.Roles own, RoleGrants.Roles given, String username) {
    Map<ProjectId, Set<MemberRole>> byProject = new LinkedHashMap<>(own.byProject());
    given.byProject().forEach((id, roles) -> byProject.merge(id, roles, Acceptance::union));
    return new Grant(username, union(own.atTenant(), given.atTenant()), byProject);
  }

  private static Set<MemberRole> union(Set<MemberRole> some, Set<MemberRole> more) {
    var all = EnumSet.noneOf(MemberRole.class);
    all.addAll(some);
    all.addAll(more);
    return all;
  }
}
