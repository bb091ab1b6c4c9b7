package dev.gpucloud.inventory.instance;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.InstanceFact;
import dev.gpucloud.contracts.event.OrderFact;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.inventory.instance.Change.BootFailure;
import dev.gpucloud.inventory.instance.Change.OperationEnd;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.audit.AuditOrigin;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a change leaves behind (history, events, orders, the end of its operation) in the
 * transaction of its row, on a session or on the raw client.
 */
@ApplicationScoped
public class ChangeWriter {
  /** Endpoints that ask for a change of an instance: what is done is named as a refusal is. */
  private static final Set<String> ASKED_FOR = Set.of("instance", "cluster", "volume");

  private static final BulkInsert<HistoryRow> HISTORY =
      BulkInsert.<HistoryRow>into("instance_history")
          .uuid("tenant_id", r -> r.change().instance().tenantId)
          .uuid("instance_id", r -> r.change().instance().id)
          .number("sequence", r -> r.event().sequence())
          .text("event_type", r -> r.event().type())
          .text("state", r -> r.event().fact().state())
          .text("reason", r -> r.event().fact().reason())
          .uuid("run_id", r -> r.change().instance().runId)
          .text("actor", r -> r.change().actor())
          .time("at", r -> r.event().fact().at());

  private final Outbox outbox;
  private final SetupRows setups;
  private final Audit audit;

  ChangeWriter(Outbox outbox, SetupRows setups, Audit audit) {
    this.audit = audit;
    this.outbox = outbox;
    this.setups = setups;
  }

  private record HistoryRow(Change change, Change.Event event) {}

  /** In a session's transaction; the row itself is the session's to flush. */
  public Uni<Void> write(Mutiny.Session s, Change change) {
    Uni<Void> done = s.flush().chain(() -> setups.equip(s, change));
    if (change.isTheEnd() && change.instance().equipped()) {
      done = done.chain(() -> SetupRows.giveBack(s, change.instance()));
    }
    for (Change.Event event : change.events()) {
      done = done.chain(() -> history(s, change, event));
    }
    OperationEnd end = change.operationEnd();
    Optional<OperationId> operation = Optional.ofNullable(change.instance().operationId());
    if (end != null && operation.isPresent()) {
      done = done.chain(() -> endOperation(s, change, operation.get(), end));
    }
    BootFailure failure = change.bootFailure();
    if (failure != null) {
      done = done.chain(() -> keep(s, change.instance(), failure));
    }
    return done.chain(
        () -> outbox.append(s, outboxEvents(List.of(change)).toArray(OutboxEvent[]::new)));
  }

  private static Uni<Void> history(Mutiny.Session s, Change change, Change.Event event) {
    return Sql.update(
            s,
            """
            insert into instance_history
              (tenant_id, instance_id, sequence, event_type, state, reason, run_id, actor, at)
            values (?1, ?2, ?3, ?4, ?5, cast(?6 as text), ?7, ?8, ?9)""",
            change.instance().tenantId,
            change.instance().id,
            event.sequence(),
            event.type(),
            event.fact().state(),
            event.fact().reason(),
            change.instance().runId,
            change.actor(),
            event.fact().at().atOffset(ZoneOffset.UTC))
        .replaceWithVoid();
  }

  private static Uni<Void> keep(Mutiny.Session s, InstanceEntity instance, BootFailure failure) {
    OperationId operation = instance.operationId();
    return Sql.update(
            s,
            """
            insert into boot_failure
              (tenant_id, instance_id, run_id, host_id, operation_id, reason, at)
            values (?1, ?2, ?3, ?4, cast(cast(?5 as text) as uuid), ?6, ?7)
            on conflict do nothing""",
            instance.tenantId,
            instance.id,
            failure.run().value(),
            failure.host().value(),
            operation == null ? null : operation.value().toString(),
            failure.reason(),
            failure.at().atOffset(ZoneOffset.UTC))
        .replaceWithVoid();
  }

  private static Uni<Void> endOperation(
      Mutiny.Session s, Change change, OperationId operation, OperationEnd end) {
    return Sql.update(
            s,
            """
            update operation set state = ?3, reason = cast(?4 as text), done_at = ?5
            where tenant_id = ?1 and id = ?2 and state = 'RUNNING'""",
            change.instance().tenantId,
            operation.value(),
            end.state(),
            end.reason(),
            change.instance().updatedAt.atOffset(ZoneOffset.UTC))
        .replaceWithVoid();
  }

  /** Whether any of these new instances is given something, which must be stored after its row. */
  public boolean isAnythingGiven(List<InstanceEntity> placed) {
    return placed.stream().anyMatch(instance -> !instance.setup().isEmpty());
  }

  /** Stores what a batch's instances are given and what their site provides for them. */
  public Uni<Void> prepare(SqlConnection c, String site, List<InstanceEntity> placed) {
    return setups.prepare(c, site, placed);
  }

  /** Fills in the orders of a batch; to be called before they are written. */
  public Uni<Void> equip(SqlConnection c, Collection<Change> changes) {
    List<UUID> ended =
        changes.stream()
            .filter(change -> change.isTheEnd() && change.instance().equipped())
            .map(change -> change.instance().id)
            .toList();
    Instant at =
        changes.stream()
            .map(change -> change.instance().updatedAt)
            .max(Instant::compareTo)
            .orElse(Instant.EPOCH);
    return setups.equip(c, changes).chain(() -> SetupRows.giveBack(c, ended, at));
  }

  /** Many at once: history and events, one statement each. */
  public List<Uni<Void>> write(SqlConnection c, Collection<Change> changes) {
    List<HistoryRow> rows =
        changes.stream()
            .flatMap(change -> change.events().stream().map(e -> new HistoryRow(change, e)))
            .toList();
    return List.of(
        HISTORY.execute(c, rows).replaceWithVoid(),
        endOperations(c, changes),
        outbox.append(c, outboxEvents(changes), traces(changes)));
  }

  private static List<@Nullable String> traces(Collection<Change> changes) {
    List<@Nullable String> traces = new ArrayList<>();
    for (Change change : changes) {
      int events = change.events().size() + change.orders().size();
      events += change.origin() == null ? 0 : 1;
      traces.addAll(Collections.nCopies(events, change.traceparent()));
    }
    return traces;
  }

  private static Uni<Void> endOperations(SqlConnection c, Collection<Change> changes) {
    List<Change> ended =
        changes.stream()
            .filter(ch -> ch.operationEnd() != null && ch.instance().operationId != null)
            .toList();
    if (ended.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    int n = ended.size();
    UUID[] ids = new UUID[n];
    String[] states = new String[n];
    String[] reasons = new String[n];
    OffsetDateTime[] times = new OffsetDateTime[n];
    for (int i = 0; i < n; i++) {
      OperationEnd end = Objects.requireNonNull(ended.get(i).operationEnd());
      ids[i] = ended.get(i).instance().operationId;
      states[i] = end.state();
      reasons[i] = end.reason();
      times[i] = ended.get(i).instance().updatedAt.atOffset(ZoneOffset.UTC);
    }
    return c.preparedQuery(
            """
            update operation o set state = u.state, reason = u.reason, done_at = u.done_at
            from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[])
              u(id, state, reason, done_at)
            where o.id = u.id and o.state = 'RUNNING'""")
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(ids)
                .addArrayOfString(states)
                .addArrayOfString(reasons)
                .addArrayOfOffsetDateTime(times))
        .replaceWithVoid();
  }

  private List<OutboxEvent> outboxEvents(Collection<Change> changes) {
    List<OutboxEvent> events = new ArrayList<>();
    for (Change change : changes) {
      change.events().forEach(event -> events.add(instanceEvent(event)));
      change.addressedOrders().forEach(o -> events.add(orderEvent(change.instance(), o)));
      AuditOrigin origin = change.origin();
      if (origin != null) {
        events.add(audit.entry(origin, told(change, origin)));
      }
    }
    return events;
  }

  /** What a batch tells the audit log: facts of its first event, nothing looked up for it. */
  private static AuditChange told(Change change, AuditOrigin origin) {
    Change.Event event = change.events().getFirst();
    InstanceFact fact = event.fact();
    var after = new LinkedHashMap<String, Object>();
    after.put("projectId", fact.projectId());
    after.put("name", String.valueOf(change.instance().name));
    after.put("state", String.valueOf(fact.state()));
    if (fact.reason() != null) {
      after.put("reason", fact.reason());
    }
    return AuditChange.of(
            origin.actionOf(ASKED_FOR, event.type()), "instance", fact.instanceId().toString())
        .at(fact.tenantId())
        .to(after);
  }

  private static OutboxEvent instanceEvent(Change.Event event) {
    InstanceFact fact = event.fact();
    String id = fact.instanceId().toString();
    return new OutboxEvent(
        Ids.next(),
        Topics.INSTANCES,
        id,
        event.type(),
        id,
        fact.tenantId(),
        event.sequence(),
        fact.at(),
        fact);
  }

  private static OutboxEvent orderEvent(InstanceEntity instance, Change.Addressed addressed) {
    OrderFact order = addressed.order();
    return new OutboxEvent(
        Ids.next(),
        Topics.orders(addressed.site()),
        order.hostId().toString(),
        EventTypes.ORDER_ISSUED,
        order.instanceId().toString(),
        instance.tenantId(),
        order.orderSequence(),
        instance.updatedAt(),
        order);
  }
}
