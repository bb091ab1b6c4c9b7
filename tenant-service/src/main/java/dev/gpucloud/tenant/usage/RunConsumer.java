package dev.gpucloud.tenant.usage;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.InstanceFact;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.Inbox;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.tenant.notifications.Notice;
import dev.gpucloud.tenant.notifications.Notifications;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

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
      having count(*) filter (where to_at is null) = 0
        and (cast(cast(?7 as text) as boolean) or count(*) > 0)""";
  private static final String CLOSE =
      """
      update gpu_usage set to_at = greatest(from_at, cast(cast(?2 as text) as timestamptz))
      where run_id = ?1 and to_at is null""";
  private static final String CORRECT =
      """
      update gpu_usage u set to_at = greatest(from_at, cast(cast(?2 as text) as timestamptz))
      where run_id = ?1 and part = (select max(part) from gpu_usage m where m.run_id = u.run_id)""";
  private final Inbox inbox;
  private final ObjectMapper json;
  private final Notifications notifications;

  RunConsumer(Inbox inbox, ObjectMapper json, Notifications notifications) {
    this.inbox = inbox;
    this.json = json;
    this.notifications = notifications;
  }

  @Incoming("instances")
  Uni<Void> on(ConsumerRecord<String, byte[]> message) {
    return inbox.accept(message, Inbox.Order.SEQUENCED, this::apply);
  }

  private Uni<Void> apply(Mutiny.Session s, InboundEvent event) {
    InstanceFact fact = event.dataAs(json, InstanceFact.class);
    RunId run = fact.runId();
    if (run == null) {
      return Uni.createFrom().voidItem();
    }
    return switch (event.type()) {
      case EventTypes.INSTANCE_STARTED -> open(s, run, fact, true);
      case EventTypes.INSTANCE_RESIZED, EventTypes.INSTANCE_MOVED ->
          change(s, CLOSE, run, fact)
              .chain(ended -> ended == 0 ? Uni.createFrom().voidItem() : open(s, run, fact, false));
      case EventTypes.INSTANCE_STOPPED -> change(s, CORRECT, run, fact).replaceWithVoid();
      case EventTypes.INSTANCE_MAINTENANCE_SCHEDULED ->
          notifications.tell(
              s,
              notice(NotificationKind.INSTANCE_MAINTENANCE_SCHEDULED, fact)
                  .with("maintenanceAt", fact.maintenanceAt())
                  .with("reason", fact.reason()));
      case EventTypes.INSTANCE_MAINTENANCE_CANCELLED ->
          notifications.tell(s, notice(NotificationKind.INSTANCE_MAINTENANCE_CANCELLED, fact));
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

  private static Uni<Void> open(Mutiny.Session s, RunId run, InstanceFact fact, boolean first) {
    return Sql.update(
            s,
            OPEN,
            run.value(),
            fact.tenantId().value(),
            fact.projectId().value(),
            fact.gpuModel(),
            fact.gpuSlices(),
            fact.at().toString(),
            Boolean.toString(first))
        .replaceWithVoid();
  }

  private static Uni<Integer> change(Mutiny.Session s, String sql, RunId run, InstanceFact fact) {
    return Sql.update(s, sql, run.value(), fact.at().toString());
  }
}
