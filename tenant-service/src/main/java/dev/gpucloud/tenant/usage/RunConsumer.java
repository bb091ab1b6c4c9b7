package dev.gpucloud.tenant.usage;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.InstanceFact;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.kit.inbox.BatchInbox;
import dev.gpucloud.kit.tx.Statements;
import dev.gpucloud.tenant.notifications.Notice;
import dev.gpucloud.tenant.notifications.Notifications;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Turns facts of instances into intervals: a start opens one, a resize or move ends it and opens
 * the next, a stop ends it. The stamps are the same that billing uses; a later stop corrects an
 * earlier one. Time within a run never runs backwards. People are told when the host of a run is to
 * be emptied.
 */
@ApplicationScoped
class RunConsumer {
  private static final String OPEN =
      """
      insert into gpu_usage (run_id, part, tenant_id, project_id, model, slices, from_at)
      select cast(?1 as uuid), coalesce(max(part), 0) + 1, ?2, ?3, ?4, ?5,
        greatest(max(to_at), cast(cast(?6 as text) as timestamptz))
      from gpu_usage where run_id = ?1
      having count(*) filter (where to_at is null) = 0""";
  private static final String CORRECT =
      """
      update gpu_usage u set to_at = greatest(from_at, cast(cast(?2 as text) as timestamptz))
      where run_id = ?1 and part = (select max(part) from gpu_usage m where m.run_id = u.run_id)""";
  private static final String CHANGE =
      """
      with ended as (
        update gpu_usage set to_at = greatest(from_at, cast(cast(?2 as text) as timestamptz))
        where run_id = ?1 and to_at is null returning part, to_at)
      insert into gpu_usage (run_id, part, tenant_id, project_id, model, slices, from_at)
      select cast(?1 as uuid), part + 1, ?3, ?4, ?5, ?6, to_at from ended""";
  private static final String CONSUMER = "main";

  private final BatchInbox inbox;
  private final ObjectMapper json;
  private final Notifications notifications;

  RunConsumer(BatchInbox inbox, ObjectMapper json, Notifications notifications) {
    this.inbox = inbox;
    this.json = json;
    this.notifications = notifications;
  }

  private record Told(String type, InstanceFact fact) {}

  @Incoming("instances")
  Uni<Void> on(ConsumerRecords<String, byte[]> messages) {
    return inbox.acceptSequenced(
        CONSUMER,
        messages,
        event -> new Told(event.type(), event.dataAs(json, InstanceFact.class)),
        this::apply);
  }

  private Uni<Void> apply(SqlConnection c, List<Told> all) {
    Statements on = Statements.of(c);
    List<Uni<Void>> steps =
        all.stream().filter(told -> told.fact().runId() != null).map(t -> apply(on, t)).toList();
    return steps.isEmpty()
        ? Uni.createFrom().voidItem()
        : Uni.join().all(steps).andFailFast().replaceWithVoid();
  }

  private Uni<Void> apply(Statements on, Told told) {
    InstanceFact fact = told.fact();
    RunId run = Objects.requireNonNull(fact.runId());
    return switch (told.type()) {
      case EventTypes.INSTANCE_STARTED -> open(on, run, fact);
      case EventTypes.INSTANCE_RESIZED, EventTypes.INSTANCE_MOVED -> change(on, run, fact);
      case EventTypes.INSTANCE_STOPPED ->
          on.update(CORRECT, run.value(), fact.at().toString()).replaceWithVoid();
      case EventTypes.INSTANCE_MAINTENANCE_SCHEDULED ->
          notifications.tell(
              on,
              notice(NotificationKind.INSTANCE_MAINTENANCE_SCHEDULED, fact)
                  .with("maintenanceAt", fact.maintenanceAt())
                  .with("reason", fact.reason()));
      case EventTypes.INSTANCE_MAINTENANCE_CANCELLED ->
          notifications.tell(on, notice(NotificationKind.INSTANCE_MAINTENANCE_CANCELLED, fact));
      default -> Uni.createFrom().voidItem();
    };
  }

  private static Notice notice(NotificationKind kind, InstanceFact fact) {
    return Notice.of(kind, fact.tenantId(), fact.instanceId().toString(), fact.at())
        .project(fact.projectId())
        .with("instanceName", fact.instanceName())
        .with("project", fact.projectSlug())
        .with("site", fact.site());
  }

  private static Uni<Void> open(Statements on, RunId run, InstanceFact fact) {
    return on.update(
            OPEN,
            run.value(),
            fact.tenantId().value(),
            fact.projectId().value(),
            fact.gpuModel(),
            fact.gpuSlices(),
            fact.at().toString())
        .replaceWithVoid();
  }

  private static Uni<Void> change(Statements on, RunId run, InstanceFact fact) {
    return on.update(
            CHANGE,
            run.value(),
            fact.at().toString(),
            fact.tenantId().value(),
            fact.projectId().value(),
            fact.gpuModel(),
            fact.gpuSlices())
        .replaceWithVoid();
  }
}
