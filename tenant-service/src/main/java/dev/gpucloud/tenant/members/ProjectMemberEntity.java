package dev.gpucloud.tenant.members;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.engine.MemberRole;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/** A member's further roles at one project; part of the member, whose version counts for it. */
@Entity
@Table(name = "project_member")
@IdClass(ProjectMemberEntity.Key.class)
public class ProjectMemberEntity {
  /** Primary key of a project's member. */
  public record Key(UUID tenantId, String subject, UUID projectId) {}

  @Id
  @Column(name = "tenant_id")
  private UUID tenantId;

  @Id private String subject;

  @Id
  @Column(name = "project_id")
  private UUID projectId;

  @Column(columnDefinition = "text[]")
  private String[] roles;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected ProjectMemberEntity() {}

  static ProjectMemberEntity of(
      TenantId tenant, String subject, ProjectId project, Collection<MemberRole> roles) {
    var row = new ProjectMemberEntity();
    row.tenantId = tenant.value();
    row.subject = subject;
    row.projectId = project.value();
    row.roles = MemberEntity.names(roles);
    return row;
  }

  String subject() {
    return subject;
  }

  public TenantId tenant() {
    return new TenantId(tenantId);
  }

  public ProjectId project() {
    return new ProjectId(projectId);
  }

  public Set<MemberRole> roles() {
    return MemberEntity.roles(roles);
  }
}
