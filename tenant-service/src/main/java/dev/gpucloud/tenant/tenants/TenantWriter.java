package dev.gpucloud.tenant.tenants;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.tenant.engine.Contacts;
import dev.gpucloud.tenant.engine.TenantAction;
import dev.gpucloud.tenant.engine.TenantLife;
import dev.gpucloud.tenant.engine.TenantSpec;
import dev.gpucloud.tenant.engine.TenantState;
import dev.gpucloud.tenant.notifications.Notice;
import dev.gpucloud.tenant.notifications.Notifications;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Changes tenants: the row and the event that tells it, in the caller's transaction. */
@ApplicationScoped
public class TenantWriter {
  private final Outbox outbox;
  private final TenantMoves moves;
  private final Audit audit;
  private final Notifications notifications;
  private final HeldBelow below;
  private final Instance<TenantEnd> ends;
  private final InstantSource clock;

  TenantWriter(
      Outbox outbox,
      TenantMoves moves,
      Audit audit,
      Notifications notifications,
      HeldBelow below,
      @Any Instance<TenantEnd> ends,
      @Business InstantSource clock) {
    this.audit = audit;
    this.notifications = notifications;
    this.below = below;
    this.ends = ends;
    this.outbox = outbox;
    this.moves = moves;
    this.clock = clock;
  }

  /** By whom a tenant is opened, and the steps that led there; none when nobody applied for it. */
  public record Origin(Actor by, List<TenantMove> steps) {}

  /** Opens an ACTIVE tenant; the spec has passed every rule. */
  public Uni<TenantEntity> open(
      Mutiny.Session session, TenantSpec spec, @Nullable UUID parentId, Origin origin) {
    Instant now = clock.instant();
    TenantEntity tenant = TenantEntity.open(spec, parentId, now);
    Uni<Void> done = session.persist(tenant).chain(session::flush);
    List<TenantMove> steps = origin.steps();
    for (TenantMove move : steps.isEmpty() ? List.of(TenantMove.opened(origin.by(), now)) : steps) {
      done = done.chain(() -> moves.append(session, tenant.id(), move));
    }
    return done.chain(() -> outbox.append(session, event(EventTypes.TENANT_CREATED, tenant, now)))
        .chain(() -> audit.changed(session, of("tenant.open", tenant)))
        .replaceWith(tenant);
  }

  /** Makes the tenant what the spec says; answers whether that changed it. */
  public Uni<Boolean> change(
      Mutiny.Session session, TenantEntity tenant, TenantSpec spec, @Nullable UUID parentId) {
    Instant now = clock.instant();
    AuditChange change = of("tenant.change", tenant).from(told(tenant));
    return tell(session, tenant, change, tenant.change(spec, parentId, now), now);
  }

  /** Tells the tenant's contacts from now on; answers whether that changed it. */
  Uni<Boolean> reach(Mutiny.Session session, TenantEntity tenant, Contacts contacts) {
    Instant now = clock.instant();
    AuditChange change = of("tenant.reach", tenant).from(told(tenant));
    return tell(session, tenant, change, tenant.reach(contacts, now), now);
  }

  /** A move of a tenant's life, by whom and why. */
  record Move(TenantAction action, Actor by, @Nullable String reason) {}

  /**
   * Carries the move out.
   *
   * @throws dev.gpucloud.contracts.problem.ProblemException STATE_CONFLICT with what is allowed
   */
  Uni<TenantEntity> move(Mutiny.Session session, TenantEntity tenant, Move move) {
    Instant now = clock.instant();
    TenantState from = tenant.state();
    TenantState to =
        move.action()
            .on(TenantLife.of(from))
            .orElseThrow(() -> Refusals.notAllowed("tenant", move.action(), from))
            .state();
    return endWhatItHas(session, tenant, to)
        .chain(() -> enter(session, tenant, to, move, now))
        .chain(() -> notifyPeople(session, tenant, move, now))
        .replaceWith(tenant);
  }

  private Uni<Void> endWhatItHas(Mutiny.Session session, TenantEntity tenant, TenantState to) {
    Uni<Void> done = Uni.createFrom().voidItem();
    if (to == TenantState.CLOSING || to == TenantState.CLOSED) {
      for (TenantEnd end : ends) {
        done = done.chain(() -> end.ends(session, tenant, to));
      }
    }
    return done;
  }

  private Uni<Boolean> enter(
      Mutiny.Session session, TenantEntity tenant, TenantState to, Move move, Instant now) {
    AuditChange change = of("tenant." + move.action().word(), tenant).from(told(tenant));
    TenantMove step =
        TenantMove.of(move.action(), tenant.state(), to, move.by(), move.reason(), now);
    boolean changed = tenant.enter(to, stateReason(to, move.reason()), now);
    return moves
        .append(session, tenant.id(), step)
        .chain(() -> tell(session, tenant, change, changed, now));
  }

  private Uni<Void> notifyPeople(
      Mutiny.Session session, TenantEntity tenant, Move move, Instant now) {
    return switch (move.action()) {
      case SUSPEND -> {
        TenantFact.Suspension suspension = tenant.fact().suspension();
        yield notifications
            .tell(
                session,
                notice(NotificationKind.TENANT_SUSPENDED, tenant, now)
                    .with("reason", tenant.stateReason())
                    .with("stopAt", suspension == null ? null : suspension.stopAt()))
            .chain(() -> below.tell(session, tenant, NotificationKind.TENANT_SUSPENDED_ABOVE, now));
      }
      case RESUME ->
          notifications
              .tell(session, notice(NotificationKind.TENANT_RESUMED, tenant, now))
              .chain(() -> below.tell(session, tenant, NotificationKind.TENANT_RESUMED_ABOVE, now));
      case CLOSE ->
          notifications.tell(
              session,
              notice(NotificationKind.TENANT_CLOSING, tenant, now)
                  .with("reason", tenant.stateReason()));
      case FINISH ->
          notifications.tell(session, notice(NotificationKind.TENANT_CLOSED, tenant, now));
      case APPROVE, REJECT, WITHDRAW, ACTIVATE -> Uni.createFrom().voidItem();
    };
  }

  private static Notice notice(NotificationKind kind, TenantEntity tenant, Instant now) {
    return Notice.of(kind, tenant.id(), tenant.id().toString(), now)
        .with("tenantName", tenant.name());
  }

  /** An active tenant needs no reason to be so. */
  private static @Nullable String stateReason(TenantState to, @Nullable String reason) {
    return to == TenantState.ACTIVE ? null : reason;
  }

  private Uni<Boolean> tell(
      Mutiny.Session session,
      TenantEntity tenant,
      AuditChange change,
      boolean changed,
      Instant now) {
    return changed
        ? outbox
            .append(session, event(EventTypes.TENANT_UPDATED, tenant, now))
            .chain(() -> audit.changed(session, change.to(told(tenant))))
            .replaceWith(true)
        : Uni.createFrom().item(false);
  }

  private static AuditChange of(String action, TenantEntity tenant) {
    return AuditChange.of(action, "tenant", tenant.id().toString())
        .at(tenant.id())
        .to(told(tenant));
  }

  private static Object told(TenantEntity tenant) {
    return TenantView.of(tenant);
  }

  private static OutboxEvent event(String type, TenantEntity tenant, Instant now) {
    String id = tenant.id().toString();
    return new OutboxEvent(
        Ids.next(),
        Topics.TENANTS,
        id,
        type,
        id,
        tenant.id(),
        tenant.version(),
        now,
        tenant.fact());
  }
}
