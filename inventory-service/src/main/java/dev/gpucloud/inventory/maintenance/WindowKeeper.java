package dev.gpucloud.inventory.maintenance;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.fleet.engine.HostAction;
import dev.gpucloud.inventory.hosts.DrainGoal;
import dev.gpucloud.inventory.hosts.DrainKeeper;
import dev.gpucloud.inventory.hosts.Drains;
import dev.gpucloud.inventory.hosts.FleetConfig;
import dev.gpucloud.inventory.hosts.HostMoves;
import dev.gpucloud.inventory.hosts.HostMoves.By;
import dev.gpucloud.inventory.hosts.HostMoves.Moved;
import dev.gpucloud.inventory.instance.Lifecycle;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.lease.Leases;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Carries out what is planned: one replica at a time, by lease. What is to be done is read from the
 * rows each time and each step takes effect once, so that a crash between two loses none. Windows
 * that are over give their hosts back before others begin, so that a clock that jumps over a window
 * stops nobody for it.
 */
@ApplicationScoped
class WindowKeeper {
  private static final Logger LOG = Logger.getLogger(WindowKeeper.class);

  private static final String OVER =
      """
      update maintenance_window set state = 'DONE', version = version + 1
      where state in ('PLANNED', 'DRAINING', 'OPEN') and ends_at <= $1""";

  /** Hosts that a window took and that is over, whoever ended it. */
  private static final String TO_GIVE_BACK =
      """
      select h.id, h.state, w.reason
      from maintenance_window w
      join host_drain d on d.window_id = w.id
      join host h on h.id = d.host_id
      where w.state in ('DONE', 'CANCELLED') and %s
      order by h.id limit $1"""
          .formatted(Windows.KEEPS_CLOSED);

  /** Hosts in service that a window wants and has not had yet. */
  private static final String TO_TAKE =
      """
      select h.id, w.id, w.starts_at, w.reason
      from maintenance_window w join host h on %s
      where w.state in ('PLANNED', 'DRAINING', 'OPEN') and w.notice_at <= $1 and w.ends_at > $1
        and h.state in ('ACTIVE', 'CORDONED')
        and not exists (
          select 1 from host_drain d where d.window_id = w.id and d.host_id = h.id)
      order by w.starts_at, h.id limit $2"""
          .formatted(Windows.inScope("w.scope", "w.target"));

  private static final String ADVANCE =
      """
      update maintenance_window w set version = version + 1,
        state = case when w.starts_at <= $1 then 'OPEN' else 'DRAINING' end
      where w.notice_at <= $1 and w.ends_at > $1
        and (w.state = 'PLANNED' or w.state = 'DRAINING' and w.starts_at <= $1)""";

  private final Transactions transactions;
  private final Leases leases;
  private final HostMoves moves;
  private final Drains drains;
  private final DrainKeeper drainKeeper;
  private final Placement placement;
  private final FleetConfig config;
  private final InstantSource business;
  private final String holder = UUID.randomUUID().toString();

  WindowKeeper(
      Transactions transactions,
      Leases leases,
      HostMoves moves,
      Drains drains,
      DrainKeeper drainKeeper,
      Placement placement,
      FleetConfig config,
      @Business InstantSource business) {
    this.transactions = transactions;
    this.leases = leases;
    this.moves = moves;
    this.drains = drains;
    this.drainKeeper = drainKeeper;
    this.placement = placement;
    this.config = config;
    this.business = business;
  }

  private record Borrowed(HostId host, HostAction back, String reason) {}

  private record Wanted(HostId host, UUID window, Instant start, String reason) {}

  @Scheduled(
      every = "${gpucloud.fleet.window-check}",
      delayed = "2s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> round() {
    return leases
        .tryAcquire("fleet-keeper", holder, config.lease())
        .chain(lease -> lease.isEmpty() ? Uni.createFrom().voidItem() : sweep())
        .onFailure()
        .invoke(f -> LOG.warnf("planned work waits for the next round: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  /** A round at once, for an admin who waits; the next one makes up for a failure. */
  Uni<Void> hurry() {
    return sweep()
        .onFailure()
        .invoke(f -> LOG.warnf("planned work waits for the next round: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> sweep() {
    return update(OVER)
        .chain(this::borrowed)
        .chain(all -> each(all, this::giveBack))
        .chain(this::wanted)
        .chain(all -> each(all, this::take))
        .chain(() -> update(ADVANCE))
        .chain(drainKeeper::sweep);
  }

  private Uni<Void> update(String sql) {
    return transactions.systemSql(
        c -> c.preparedQuery(sql).execute(Tuple.of(now())).replaceWithVoid());
  }

  private OffsetDateTime now() {
    return business.instant().atOffset(ZoneOffset.UTC);
  }

  private Uni<List<Borrowed>> borrowed() {
    return read(
        TO_GIVE_BACK,
        Tuple.of(config.batch()),
        row ->
            new Borrowed(
                new HostId(row.getUUID(0)),
                row.getString(1).equals("DRAINING")
                    ? HostAction.CANCEL_DRAIN
                    : HostAction.END_MAINTENANCE,
                row.getString(2)));
  }

  private Uni<Void> giveBack(Borrowed host) {
    return transactions
        .asSystem(
            s ->
                moves.tryMove(s, host.host(), host.back(), new By(Lifecycle.SYSTEM, host.reason())))
        .chain(this::changed);
  }

  private Uni<List<Wanted>> wanted() {
    return read(
        TO_TAKE,
        Tuple.of(now(), config.batch()),
        row ->
            new Wanted(
                new HostId(row.getUUID(0)),
                row.getUUID(1),
                row.getOffsetDateTime(2).toInstant(),
                row.getString(3)));
  }

  private Uni<Void> take(Wanted wanted) {
    Drains.Plan plan = new Drains.Plan(DrainGoal.MAINTENANCE, wanted.start(), wanted.window());
    return transactions
        .asSystem(
            s -> drains.tryOpen(s, wanted.host(), plan, new By(Lifecycle.SYSTEM, wanted.reason())))
        .chain(this::changed);
  }

  private Uni<Void> changed(Optional<Moved> moved) {
    return moved.isEmpty()
        ? Uni.createFrom().voidItem()
        : placement.hostsChanged(moved.get().pool());
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
