package dev.gpucloud.tenant.projects;

import dev.gpucloud.contracts.event.ProjectFact;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.engine.ProjectState;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A project's row. {@code version} grows by one with each change that is one: it is the ETag and
 * the sequence of the event that tells the change.
 */
@Entity
@Table(name = "project")
public class ProjectEntity {
  @Id
  @Column(name = "project_id")
  private UUID id;

  @Column(name = "tenant_id")
  private UUID tenantId;

  private String slug;
  private String name;

  @Enumerated(EnumType.STRING)
  private ProjectState state;

  @Column(name = "cost_center")
  private @Nullable String costCenter;

  @Convert(converter = LabelsConverter.class)
  private Map<String, String> labels;

  private long version;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "updated_at")
  private Instant updatedAt;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected ProjectEntity() {}

  /** A new ACTIVE project; the spec has passed every rule. */
  public static ProjectEntity open(TenantId tenant, ProjectSpec spec, Instant now) {
    var project = new ProjectEntity();
    project.id = Ids.next();
    project.tenantId = tenant.value();
    project.slug = spec.slug();
    project.state = ProjectState.ACTIVE;
    project.name = spec.name();
    project.costCenter = spec.costCenter();
    project.labels = Map.copyOf(spec.labels());
    project.version = 1;
    project.createdAt = now;
    project.updatedAt = now;
    return project;
  }

  /** Takes on name, cost centre, labels and state; answers whether anything changed. */
  public boolean change(ProjectSpec spec, ProjectState newState, Instant now) {
    ProjectSpec before = spec();
    ProjectState stateBefore = state;
    name = spec.name();
    costCenter = spec.costCenter();
    labels = Map.copyOf(spec.labels());
    state = newState;
    if (before.equals(spec()) && stateBefore == state) {
      return false;
    }
    version++;
    updatedAt = now;
    return true;
  }

  /** What a request may say about it. */
  public ProjectSpec spec() {
    return new ProjectSpec(slug, name, costCenter, labels);
  }

  /** What other services are told. */
  public ProjectFact fact() {
    return new ProjectFact(id(), tenant(), slug, name, state.name(), costCenter);
  }

  public ProjectId id() {
    return new ProjectId(id);
  }

  public TenantId tenant() {
    return new TenantId(tenantId);
  }

  public String slug() {
    return slug;
  }

  public String name() {
    return name;
  }

  public ProjectState state() {
    return state;
  }

  public @Nullable String costCenter() {
    return costCenter;
  }

  public Map<String, String> labels() {
    return labels;
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
