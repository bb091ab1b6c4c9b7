package dev.gpucloud.kit.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.AuditFact;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.config.KitConfig;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import io.quarkus.arc.Arc;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Writes audit entries in the transaction of what they tell of: both commit or neither does.
 *
 * <p>A service tells its changes with {@link #changed}. What it does not tell, the unit of work
 * itself does ({@link #leave}): whatever a changing request writes leaves an entry named by its
 * route, so that forgetting costs the values before and after, never the entry.
 */
@ApplicationScoped
public class Audit {
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");
  private static final int MOST_PARAMETERS = 16;
  private static final int LONGEST_PARAMETER = 128;

  private final Outbox outbox;
  private final Caller caller;
  private final InstantSource clock;
  private final AuditDetails details;
  private final ActionNames names;
  private final String service;

  Audit(
      Outbox outbox,
      Caller caller,
      ObjectMapper json,
      @SystemClock InstantSource clock,
      KitConfig config,
      ActionNames names,
      @ConfigProperty(name = "quarkus.application.name") String service) {
    this.outbox = outbox;
    this.caller = caller;
    this.clock = clock;
    this.details = new AuditDetails(json, config.audit().maxDetailBytes());
    this.names = names;
    this.service = service;
  }

  /** Where the current request comes from, or the service itself outside of one. */
  public AuditOrigin origin() {
    return inRequest()
        ? new AuditOrigin(
            caller.auditActor(), caller.sourceAddress(), caller.requestId(), endpointAction())
        : AuditOrigin.system(service);
  }

  /** Tells a change in the session's transaction. */
  public Uni<Void> changed(Mutiny.Session s, AuditChange change) {
    return changed(s, List.of(change));
  }

  /**
   * Tells a change that no request asked for; where one did, its own entry tells it, and nothing is
   * added.
   */
  public Uni<Void> changedByItself(Mutiny.Session s, AuditChange change) {
    return inRequest() ? Uni.createFrom().voidItem() : changed(s, change);
  }

  /** Tells many changes with one statement. */
  public Uni<Void> changed(Mutiny.Session s, List<AuditChange> changes) {
    if (inRequest()) {
      changes.forEach(change -> caller.entryWritten(change.action()));
    }
    AuditOrigin origin = origin();
    return outbox.append(
        s, changes.stream().map(change -> entry(origin, change)).toArray(OutboxEvent[]::new));
  }

  /** As {@link #changed} for work that goes on where the request is not known any more. */
  public Uni<Void> changed(Mutiny.Session s, AuditOrigin origin, AuditChange change) {
    if (inRequest()) {
      caller.entryWritten(change.action());
    }
    return outbox.append(s, entry(origin, change));
  }

  /** An entry for work that commits outside its request, to be appended with its events. */
  public OutboxEvent entry(AuditOrigin origin, AuditChange change) {
    return event(
        new AuditFact(
            clock.instant(),
            service,
            change.category().name(),
            origin.actor(),
            origin.sourceAddress(),
            origin.requestId(),
            change.action(),
            new AuditFact.Target(change.targetType(), change.targetId(), change.tenant()),
            details.of(change.before()),
            details.of(change.after()),
            null,
            "DONE",
            null,
            1));
  }

  /** Denials of one kind, counted. */
  OutboxEvent denied(AuditFact fact) {
    return event(fact);
  }

  /** What a unit of work has to see to before it commits; null outside a request. */
  public @Nullable Trail trail(boolean platform) {
    if (!inRequest()) {
      return null;
    }
    boolean changing = !SAFE_METHODS.contains(RouteNames.method(caller.route()));
    return changing || platform && caller.firstRead()
        ? new Trail(changing, caller.entries())
        : null;
  }

  /**
   * @param changing whether the request may change something
   * @param entries how many entries the request had written before the unit of work
   */
  public record Trail(boolean changing, int entries) {}

  /**
   * Writes the entry that the unit of work owes, unless its work wrote one by the name that a
   * refusal would have had: who looks for that name finds what was done and what was refused.
   */
  public Uni<Void> leave(Mutiny.Session s, Trail trail) {
    if (!trail.changing()) {
      return outbox.append(s, byRoute(AuditCategory.READ));
    }
    if (caller.entries() > trail.entries() && caller.hasTold(endpointAction())
        || s.currentTransaction().isMarkedForRollback()) {
      return Uni.createFrom().voidItem();
    }
    return s.flush()
        .chain(() -> outbox.appendIfWritten(s, byRoute(RouteNames.category(caller.route()))));
  }

  private OutboxEvent byRoute(AuditCategory category) {
    String route = caller.route();
    AuditOrigin origin = origin();
    Map<String, String> parameters =
        AuditDetails.cut(caller.parameters(), MOST_PARAMETERS, LONGEST_PARAMETER);
    return event(
        new AuditFact(
            clock.instant(),
            service,
            category.name(),
            origin.actor(),
            origin.sourceAddress(),
            origin.requestId(),
            endpointAction(),
            new AuditFact.Target(
                RouteNames.targetType(route),
                RouteNames.targetParameter(route)
                    .map(caller.parameters()::get)
                    .or(this::madeId)
                    .orElse(null),
                caller.tenantOrNull()),
            null,
            caller.made() == null ? null : details.of(caller.made().getEntity()),
            parameters.isEmpty() ? null : parameters,
            "DONE",
            null,
            1));
  }

  /** The id of what the request made: the last part of its location. */
  private Optional<String> madeId() {
    return Optional.ofNullable(caller.made())
        .map(Response::getLocation)
        .map(URI::getPath)
        .map(path -> path.substring(path.lastIndexOf('/') + 1));
  }

  private static OutboxEvent event(AuditFact fact) {
    var id = Ids.next();
    return new OutboxEvent(
        id,
        Topics.AUDIT_ENTRIES,
        id.toString(),
        EventTypes.AUDIT_RECORDED,
        fact.action(),
        fact.target().tenant(),
        1,
        fact.at(),
        fact);
  }

  private String endpointAction() {
    return names.of(caller.route());
  }

  private boolean inRequest() {
    return Arc.container().requestContext().isActive() && !caller.route().isEmpty();
  }
}
