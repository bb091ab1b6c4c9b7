package dev.gpucloud.tenant.members;

import dev.gpucloud.contracts.event.MembershipFact;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.engine.MemberRole;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A person's roles at a tenant. No roles means revoked: the row stays, so that {@code version} goes
 * on counting when the person comes back.
 */
@Entity
@Table(name = "member")
@IdClass(MemberEntity.Key.class)
public class MemberEntity {
  /** Primary key of a member. */
  public record Key(UUID tenantId, String subject) {}

  @Id
  @Column(name = "tenant_id")
  private UUID tenantId;

  @Id private String subject;

  private String username;

  @Column(columnDefinition = "text[]")
  private String[] roles;

  /** Whether the member has a role at the tenant or at one of its projects. */
  private boolean active;

  private long version;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "updated_at")
  private Instant updatedAt;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected MemberEntity() {}

  /** A new member; version 0 until {@link #changed} counts its first change. */
  static MemberEntity of(TenantId tenant, String subject, String username, Instant now) {
    var member = new MemberEntity();
    member.tenantId = tenant.value();
    member.subject = subject;
    member.username = username;
    member.roles = new String[0];
    member.createdAt = now;
    member.updatedAt = now;
    return member;
  }

  void set(String newUsername, Collection<MemberRole> newRoles, boolean hasProjectRoles) {
    username = newUsername;
    roles = names(newRoles);
    active = !newRoles.isEmpty() || hasProjectRoles;
  }

  void changed(Instant now) {
    version++;
    updatedAt = now;
  }

  /** Role names in the order of the enum, so that equal sets are equal arrays. */
  static String[] names(Collection<MemberRole> roles) {
    return roles.stream().sorted().distinct().map(Enum::name).toArray(String[]::new);
  }

  static Set<MemberRole> roles(String[] names) {
    var roles = EnumSet.noneOf(MemberRole.class);
    Arrays.stream(names).map(MemberRole::valueOf).forEach(roles::add);
    return roles;
  }

  /** What other services are told, with the roles at projects that belong to the member. */
  public MembershipFact fact(Map<ProjectId, Set<MemberRole>> projectRoles) {
    Map<String, List<String>> byProject = new LinkedHashMap<>();
    projectRoles.forEach(
        (project, held) -> byProject.put(project.toString(), List.of(names(held))));
    return new MembershipFact(
        tenant(), subject, username, List.of(roles), byProject.isEmpty() ? null : byProject);
  }

  public TenantId tenant() {
    return new TenantId(tenantId);
  }

  public String subject() {
    return subject;
  }

  public String username() {
    return username;
  }

  public Set<MemberRole> roles() {
    return roles(roles);
  }

  public boolean active() {
    return active;
  }

  public long version() {
    return version;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Instant updatedAt() {
    return updatedAt;
  }
}
