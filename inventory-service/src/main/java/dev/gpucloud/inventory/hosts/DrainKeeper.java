package dev.gpucloud.inventory.hosts;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.hosts.HostMoves.By;
import dev.gpucloud.inventory.instance.Change;
import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.Lifecycle;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.inventory.instance.MaintenanceNotice;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.inventory.provisioning.PoolEpochs;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes what is planned for hosts come true, in this order: tenants are told, what runs past the
 * deadline is stopped, empty hosts move on. Every step reads what is still to do from the rows and
 * checks it again under lock, so that it can be cut off anywhere and repeated.
 */
@ApplicationScoped
public class DrainKeeper {
  private static final Logger LOG = Logger.getLogger(DrainKeeper.class);

  /** What the tenants of running instances should have been told and were not. */
  private static final String UNTOLD =
      """
      select i.id, w.reason, w.at
      from host h
      left join host_drain d on d.host_id = h.id and d.state = 'OPEN'
      join allocation a on a.host_id = h.id and a.state = 'HELD'
      join instance i on i.id = a.instance_id and i.run_id = a.run_id
      cross join lateral (
        select case when d.goal = 'MAINTENANCE' then 'HOST_MAINTENANCE'
                    when d.goal = 'RETIREMENT' then 'HOST_RETIREMENT'
                    when h.state = 'QUARANTINED' then 'HOST_QUARANTINED'
                    when (h.bad_mask & a.mask) <> 0 then 'GPU_FAULT' end as reason,
               d.deadline as at) w
      where (h.state in ('DRAINING', 'QUARANTINED') or h.bad_mask <> 0) and i.state = 'RUNNING'
        and w.reason is not null
        and (i.maintenance_reason, i.maintenance_at) is distinct from (w.reason, w.at)
      union all
      select i.id, null, null
      from instance i join host h on h.id = i.host_id
      where i.maintenance_reason is not null and i.state = 'RUNNING'
        and h.state not in ('DRAINING', 'QUARANTINED') and (h.bad_mask & i.mask) = 0
      limit $1""";

  private static final String LATE =
      """
      select d.id, i.id
      from host_drain d
      join allocation a on a.host_id = d.host_id and a.state = 'HELD'
      join instance i on i.id = a.instance_id and i.run_id = a.run_id
      where d.state = 'OPEN' and d.deadline <= $1 and i.desired = 'RUNNING'
        and (i.state = 'RUNNING' and i.maintenance_at = d.deadline
          or i.state in ('PENDING', 'PROVISIONING', 'STARTING') and not i.retry_due)
      order by d.deadline, i.id limit $2""";

  private static final String EMPTY =
      """
      select d.host_id, d.goal, d.reason
      from host_drain d
      where d.state = 'OPEN' and not exists (
        select 1 from allocation a where a.host_id = d.host_id and a.state in ('HELD', 'LEAVING'))
      order by d.id limit $1""";

  private final Transactions transactions;
  private final HostMoves moves;
  private final ChangeWriter changes;
  private final PoolEpochs epochs;
  private final Placement placement;
  private final FleetConfig config;
  private final InstantSource business;
  private final Counter told;
  private final Counter cleared;

  DrainKeeper(
      Transactions transactions,
      HostMoves moves,
      ChangeWriter changes,
      PoolEpochs epochs,
      Placement placement,
      FleetConfig config,
      @Business InstantSource business,
      MeterRegistry meters) {
    this.transactions = transactions;
    this.moves = moves;
    this.changes = changes;
    this.epochs = epochs;
    this.placement = placement;
    this.config = config;
    this.business = business;
    this.told = meters.counter("gpucloud.maintenance.notices");
    this.cleared = meters.counter("gpucloud.maintenance.cleared");
  }

  private record Untold(UUID instance, @Nullable MaintenanceNotice notice) {}

  private record Late(UUID drain, UUID instance) {}

  private record Empty(HostId host, DrainGoal goal, String reason) {}

  /** One round; a failure is left to the next one. */
  public Uni<Void> sweep() {
    return untold()
        .chain(all -> each(all, this::tell))
        .chain(this::late)
        .chain(all -> each(all, this::clear))
        .chain(this::empty)
        .chain(all -> each(all, this::moveOn));
  }

  /** A round at once, for an admin who waits; the next one makes up for a failure. */
  Uni<Void> hurry() {
    return sweep()
        .onFailure()
        .invoke(f -> LOG.warnf("planned work waits for the next round: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<List<Untold>> untold() {
    return read(UNTOLD, Tuple.of(config.batch()), DrainKeeper::untold);
  }

  private static Untold untold(Row row) {
    String reason = row.getString(1);
    OffsetDateTime at = row.getOffsetDateTime(2);
    return new Untold(
        row.getUUID(0),
        reason == null ? null : new MaintenanceNotice(at == null ? null : at.toInstant(), reason));
  }

  private Uni<Void> tell(Untold untold) {
    return transactions.asSystem(
        s ->
            change(
                s,
                untold.instance(),
                (instance, now) -> Lifecycle.tell(instance, untold.notice(), now),
                told));
  }

  private Uni<List<Late>> late() {
    return read(
        LATE,
        Tuple.of(business.instant().atOffset(ZoneOffset.UTC), config.batch()),
        row -> new Late(row.getUUID(0), row.getUUID(1)));
  }

  /** Only while the drain is open: one that is called off now waits, or we see that it was. */
  private Uni<Void> clear(Late late) {
    return transactions.asSystem(
        s ->
            Sql.rows(
                    s,
                    "select id, state from host_drain where id = ?1 and state = 'OPEN' for share",
                    late.drain())
                .chain(
                    open ->
                        open.isEmpty()
                            ? Uni.createFrom().voidItem()
                            : change(s, late.instance(), Lifecycle::clear, cleared)));
  }

  private interface Step {
    Optional<Change> on(InstanceEntity instance, Moment now);
  }

  private Uni<Void> change(Mutiny.Session s, UUID id, Step step, Counter counter) {
    return s.find(InstanceEntity.class, id, LockModeType.PESSIMISTIC_WRITE)
        .chain(
            instance ->
                epochs
                    .now(s, instance.poolId())
                    .map(now -> step.on(instance, now))
                    .chain(
                        change -> {
                          change.ifPresent(c -> counter.increment());
                          return change
                              .map(c -> changes.write(s, c))
                              .orElseGet(() -> Uni.createFrom().voidItem());
                        }));
  }

  private Uni<List<Empty>> empty() {
    return read(
        EMPTY,
        Tuple.of(config.batch()),
        row ->
            new Empty(
                new HostId(row.getUUID(0)), DrainGoal.valueOf(row.getString(1)), row.getString(2)));
  }

  private Uni<Void> moveOn(Empty host) {
    return transactions
        .asSystem(
            s ->
                moves.tryMove(
                    s,
                    host.host(),
                    host.goal().whenEmpty(),
                    new By(Lifecycle.SYSTEM, host.reason())))
        .chain(
            moved ->
                moved.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : placement.hostsChanged(moved.get().pool()));
  }

  private <T> Uni<List<T>> read(String sql, Tuple parameters, Function<Row, T> item) {
    return transactions.systemSql(
        c ->
            c.preparedQuery(sql)
                .execute(parameters)
                .map(
                    rows -> {
                      List<T> items = new ArrayList<>();
                      rows.forEach(row -> items.add(item.apply(row)));
                      return items;
                    }));
  }

  private static <T> Uni<Void> each(List<T> items, Function<T, Uni<Void>> work) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (T item : items) {
      done = done.chain(() -> work.apply(item));
    }
    return done;
  }
}
