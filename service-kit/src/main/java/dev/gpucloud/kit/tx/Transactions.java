package dev.gpucloud.kit.tx;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.config.KitConfig;
import dev.gpucloud.kit.outbox.RelaySignal;
import io.quarkus.arc.Arc;
import io.quarkus.arc.InjectableContext.ContextState;
import io.quarkus.arc.ManagedContext;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Opens units of work. Each is one transaction under one working role of the database; the role and
 * the tenant are set for that transaction alone, so nothing leaks to the connection's next user and
 * a statement outside a unit of work is refused by the database.
 *
 * <p>A failed unit rolls back whole. One whose connection was lost while it lay in the pool begins
 * anew on another, unseen. Events appended to the outbox are published soon after commit.
 *
 * <p>A unit that began runs to its end, whoever stops waiting for it: Hibernate would give its
 * connection back at once and go on with its statements there, in the transaction of the next user.
 */
@ApplicationScoped
public class Transactions {
  private static final String ENTER =
      "select set_config('role', ?1, true), set_config('app.tenant', ?2, true)";
  private static final String ENTER_READING =
      ENTER + ", set_config('transaction_read_only', 'on', true)";
  private static final String ENTER_RAW =
      "select set_config('role', $1, true), set_config('app.tenant', $2, true)";

  private final Mutiny.SessionFactory sessions;
  private final Pool pool;
  private final Vertx vertx;
  private final String role;
  private final RelaySignal relay;
  private final Audit audit;

  Transactions(
      Mutiny.SessionFactory sessions,
      Pool pool,
      Vertx vertx,
      KitConfig config,
      RelaySignal relay,
      Audit audit) {
    this.sessions = sessions;
    this.pool = pool;
    this.vertx = vertx;
    this.role = config.db().role();
    this.relay = relay;
    this.audit = audit;
  }

  /** Work for one tenant: row-level security shows and accepts that tenant's rows only. */
  public <T> Uni<T> asTenant(TenantId tenant, Function<Mutiny.Session, Uni<T>> work) {
    return run(ENTER, "_app", tenant.value().toString(), audited(audit.trail(false), work));
  }

  /** As {@link #asTenant} for what only reads: a write is refused, and nothing is audited. */
  public <T> Uni<T> readAsTenant(TenantId tenant, Function<Mutiny.Session, Uni<T>> work) {
    return run(ENTER_READING, "_app", tenant.value().toString(), work);
  }

  /** Work of a platform admin, finance or an auditor, over all tenants; a read is audited too. */
  public <T> Uni<T> asPlatform(Function<Mutiny.Session, Uni<T>> work) {
    return run(ENTER, "_platform", "", audited(audit.trail(true), work));
  }

  /** Work of the service itself: consumers, relays, batches. */
  public <T> Uni<T> asSystem(Function<Mutiny.Session, Uni<T>> work) {
    return run(ENTER, "_system", "", audited(audit.trail(false), work));
  }

  /** As {@link #asSystem} for what only reads: a write is refused, and nothing is audited. */
  public <T> Uni<T> readAsSystem(Function<Mutiny.Session, Uni<T>> work) {
    return run(ENTER_READING, "_system", "", work);
  }

  /** The work, and at its end the entry that it owes the audit log. */
  private <T> Function<Mutiny.Session, Uni<T>> audited(
      Audit.@Nullable Trail trail, Function<Mutiny.Session, Uni<T>> work) {
    return trail == null ? work : s -> work.apply(s).call(() -> audit.leave(s, trail));
  }

  /** As {@link #asSystem} on the raw reactive client, for bulk statements. Runs on any thread. */
  public <T> Uni<T> systemSql(Function<SqlConnection, Uni<T>> work) {
    return LostConnection.passedOver(
            vertx,
            begun ->
                pool.withTransaction(
                    c ->
                        c.preparedQuery(ENTER_RAW)
                            .execute(Tuple.of(role + "_system", ""))
                            .invoke(() -> begun.set(true))
                            .chain(() -> work.apply(c))))
        .invoke(relay::nudge);
  }

  private <T> Uni<T> run(
      String enter, String suffix, String tenant, Function<Mutiny.Session, Uni<T>> work) {
    return onContext(
        () ->
            LostConnection.passedOver(
                    vertx,
                    begun ->
                        sessions
                            .openSession()
                            .chain(
                                s ->
                                    s.withTransaction(
                                            tx ->
                                                enter(s, enter, suffix, tenant)
                                                    .invoke(() -> begun.set(true))
                                                    .chain(() -> work.apply(s)))
                                        .eventually(s::close)))
                .invoke(relay::nudge));
  }

  /**
   * Run as an update: the plan of a native select is never found again in Hibernate Reactive's
   * cache of plans, which every unit of work would fill with one more of the same hash.
   */
  private Uni<Integer> enter(Mutiny.Session s, String enter, String suffix, String tenant) {
    return s.createNativeQuery(enter)
        .setParameter(1, role + suffix)
        .setParameter(2, tenant)
        .executeUpdate();
  }

  /**
   * A session lives on one event loop; callers from other threads are moved to one, with the
   * request that they work for. A cancellation of what is answered does not reach the work.
   */
  private <T> Uni<T> onContext(Supplier<Uni<T>> work) {
    if (Context.isOnEventLoopThread() && VertxContext.isOnDuplicatedContext()) {
      return Uni.createFrom()
          .emitter(emitter -> work.get().subscribe().with(emitter::complete, emitter::fail));
    }
    return Uni.createFrom()
        .emitter(
            emitter -> {
              ManagedContext requests = Arc.container().requestContext();
              ContextState request = requests.getStateIfActive();
              Context context = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
              context.runOnContext(
                  v -> {
                    if (request != null) {
                      requests.activate(request);
                    }
                    work.get().subscribe().with(emitter::complete, emitter::fail);
                  });
            });
  }
}
