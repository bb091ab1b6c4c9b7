package dev.gpucloud.tenant.invitations;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.InvitationId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.RoleGrants;
import dev.gpucloud.tenant.tenants.Actor;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An invitation's row. It waits until it is accepted, revoked or too old. */
@Entity
@Table(name = "invitation")
class InvitationEntity {
  /** Where it stands; one that waits may be too old. */
  enum State {
    PENDING,
    ACCEPTED,
    REVOKED
  }

  @Id
  @Column(name = "invitation_id")
  private UUID id;

  @Column(name = "tenant_id")
  private UUID tenantId;

  @Column(name = "project_id")
  private @Nullable UUID projectId;

  private String email;

  @Column(columnDefinition = "text[]")
  private String[] roles;

  @Convert(converter = ProjectRolesConverter.class)
  @Column(name = "project_roles")
  private Map<ProjectId, Set<MemberRole>> projectRoles;

  @Column(name = "token_hash")
  private byte[] tokenHash;

  @Enumerated(EnumType.STRING)
  private State state;

  @Column(name = "invited_by")
  private String invitedBy;

  @Column(name = "invited_by_name")
  private String invitedByName;

  @Column(name = "by_platform")
  private boolean byPlatform;

  @Column(name = "accepted_by")
  private @Nullable String acceptedBy;

  @Column(name = "expires_at")
  private Instant expiresAt;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "updated_at")
  private Instant updatedAt;

  private long version;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected InvitationEntity() {}

  static InvitationEntity of(
      Place place, InviteRequest.Asked asked, InvitationToken token, Times times) {
    var row = new InvitationEntity();
    row.id = Ids.next();
    row.tenantId = place.tenant().value();
    row.projectId = place.project() == null ? null : place.project().value();
    row.email = asked.email();
    row.roles = asked.roles().atTenant().stream().sorted().map(Enum::name).toArray(String[]::new);
    row.projectRoles = asked.roles().byProject();
    row.tokenHash = token.hash();
    row.state = State.PENDING;
    row.invitedBy = place.by().subject();
    row.invitedByName = place.by().name();
    row.byPlatform = place.isPlatform();
    row.createdAt = times.now();
    row.updatedAt = times.now();
    row.expiresAt = times.expires();
    row.version = 1;
    return row;
  }

  /** When it is written and when it is too old. */
  record Times(Instant now, Instant expires) {}

  /**
   * Where somebody invites: at a tenant, or at one project of it alone; the platform's staff may
   * give every role without having one.
   */
  record Place(TenantId tenant, @Nullable ProjectId project, Actor by, boolean isPlatform) {
    Place(TenantId tenant, @Nullable ProjectId project, Actor by) {
      this(tenant, project, by, false);
    }
  }

  boolean isByPlatform() {
    return byPlatform;
  }

  void accept(String subject, Instant now) {
    acceptedBy = subject;
    enter(State.ACCEPTED, now);
  }

  void revoke(Instant now) {
    enter(State.REVOKED, now);
  }

  private void enter(State next, Instant now) {
    state = next;
    updatedAt = now;
    version++;
  }

  /** Its word for a reader: one that waits for too long is EXPIRED. */
  String word(Instant now) {
    return state == State.PENDING && !now.isBefore(expiresAt) ? "EXPIRED" : state.name();
  }

  boolean waits(Instant now) {
    return state == State.PENDING && now.isBefore(expiresAt);
  }

  InvitationId id() {
    return new InvitationId(id);
  }

  TenantId tenant() {
    return new TenantId(tenantId);
  }

  @Nullable ProjectId project() {
    return projectId == null ? null : new ProjectId(projectId);
  }

  String email() {
    return email;
  }

  RoleGrants.Roles roles() {
    var atTenant = EnumSet.noneOf(MemberRole.class);
    Arrays.stream(roles).map(MemberRole::valueOf).forEach(atTenant::add);
    return new RoleGrants.Roles(atTenant, projectRoles);
  }

  String invitedBy() {
    return invitedBy;
  }

  String invitedByName() {
    return invitedByName;
  }

  @Nullable String acceptedBy() {
    return acceptedBy;
  }

  Instant expiresAt() {
    return expiresAt;
  }

  Instant createdAt() {
    return createdAt;
  }

  long version() {
    return version;
  }
}
