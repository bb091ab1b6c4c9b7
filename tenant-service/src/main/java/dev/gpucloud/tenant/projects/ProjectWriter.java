package dev.gpucloud.tenant.projects;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.tenant.engine.ProjectState;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import org.hibernate.reactive.mutiny.Mutiny;

/** Changes projects: the row and the event that tells it, in the caller's transaction. */
@ApplicationScoped
public class ProjectWriter {
  private final Outbox outbox;
  private final Audit audit;
  private final InstantSource clock;

  ProjectWriter(Outbox outbox, Audit audit, @Business InstantSource clock) {
    this.audit = audit;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Opens an ACTIVE project; the spec has passed every rule. */
  public Uni<ProjectEntity> open(Mutiny.Session session, TenantId tenant, ProjectSpec spec) {
    Instant now = clock.instant();
    ProjectEntity project = ProjectEntity.open(tenant, spec, now);
    return session
        .persist(project)
        .chain(session::flush)
        .chain(() -> outbox.append(session, event(EventTypes.PROJECT_CREATED, project, now)))
        .chain(() -> audit.changed(session, of("tenant.project.open", project)))
        .replaceWith(project);
  }

  /** Makes the project what the spec says; answers whether that changed it. */
  public Uni<Boolean> change(
      Mutiny.Session session, ProjectEntity project, ProjectSpec spec, ProjectState state) {
    Instant now = clock.instant();
    AuditChange change = of("tenant.project.change", project).from(ProjectView.of(project));
    return project.change(spec, state, now)
        ? outbox
            .append(session, event(EventTypes.PROJECT_UPDATED, project, now))
            .chain(() -> audit.changed(session, change.to(ProjectView.of(project))))
            .replaceWith(true)
        : Uni.createFrom().item(false);
  }

  private static AuditChange of(String action, ProjectEntity project) {
    return AuditChange.of(action, "project", project.id().toString())
        .at(project.tenant())
        .to(ProjectView.of(project));
  }

  private static OutboxEvent event(String type, ProjectEntity project, Instant now) {
    String id = project.id().toString();
    return new OutboxEvent(
        Ids.next(),
        Topics.PROJECTS,
        id,
        type,
        id,
        project.tenant(),
        project.version(),
        now,
        project.fact());
  }
}
