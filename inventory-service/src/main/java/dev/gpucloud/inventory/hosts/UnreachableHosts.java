package dev.gpucloud.inventory.hosts;

import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.tx.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Marks hosts that break their agent's promise of heartbeats: those with something on them that are
 * not heard of for longer than the limit. They take nothing new until they are heard of again;
 * nothing that they hold is given up here, that needs a proof or a fence.
 *
 * <p>Nobody is judged before this service has listened for a while itself.
 */
@ApplicationScoped
class UnreachableHosts {
  private static final Logger LOG = Logger.getLogger(UnreachableHosts.class);

  private static final String MARK =
      """
      update host h set unreachable_since = $2, version = version + 1
      where h.unreachable_since is null and h.state not in ('EXPECTED', 'RETIRED')
        and coalesce(h.last_seen_at, '-infinity') < $1
        and exists (
          select 1 from allocation a
          where a.host_id = h.id and a.state in ('HELD', 'LEAVING') and a.held_from < $1)
      returning h.pool_id""";

  /** Heard of again, or nothing is left that anybody promised to speak for. */
  private static final String CLEAR =
      """
      update host h set unreachable_since = null, version = version + 1
      where h.unreachable_since is not null
        and (h.last_seen_at > h.unreachable_since or not exists (
          select 1 from allocation a
          where a.host_id = h.id and a.state in ('HELD', 'LEAVING', 'FENCED')))
      returning h.pool_id""";

  private static final String COUNT =
      """
      select s.id, count(h.id)::int
      from site s left join host h on h.site_id = s.id and h.unreachable_since is not null
      group by s.id order by s.id""";

  private final Transactions transactions;
  private final Placement placement;
  private final FleetConfig config;
  private final InstantSource system;
  private final MultiGauge unreachable;
  private final Instant listening;

  UnreachableHosts(
      Transactions transactions,
      Placement placement,
      FleetConfig config,
      @SystemClock InstantSource system,
      MeterRegistry meters) {
    this.transactions = transactions;
    this.placement = placement;
    this.config = config;
    this.system = system;
    this.unreachable =
        MultiGauge.builder("gpucloud.hosts.unreachable")
            .description("Hosts of the site that are not heard of")
            .register(meters);
    this.listening = system.instant().plus(config.listenFirst());
  }

  @Scheduled(
      every = "${gpucloud.fleet.reach-check}",
      delayed = "5s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> look() {
    Instant now = system.instant();
    Instant limit = now.minus(config.unreachableAfter());
    return pools(CLEAR, Tuple.tuple())
        .chain(
            cleared ->
                now.isBefore(listening)
                    ? Uni.createFrom().item(cleared)
                    : pools(MARK, Tuple.of(utc(limit), utc(now)))
                        .invoke(marked -> cleared.addAll(marked))
                        .replaceWith(cleared))
        .chain(this::tellOwners)
        .chain(this::show)
        .onFailure()
        .invoke(f -> LOG.warnf("hosts are not looked at: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  private Uni<Set<String>> pools(String sql, Tuple parameters) {
    return transactions.systemSql(
        c -> c.preparedQuery(sql).execute(parameters).map(UnreachableHosts::poolsOf));
  }

  private static Set<String> poolsOf(RowSet<Row> rows) {
    Set<String> pools = new LinkedHashSet<>();
    rows.forEach(row -> pools.add(row.getString(0)));
    return pools;
  }

  private Uni<Void> tellOwners(Set<String> pools) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (String pool : pools) {
      LOG.infof("hosts of pool %s became unreachable or are heard of again", pool);
      done = done.chain(() -> placement.hostsChanged(pool));
    }
    return done;
  }

  private Uni<Void> show() {
    return transactions
        .systemSql(c -> c.preparedQuery(COUNT).execute())
        .invoke(rows -> unreachable.register(gauges(rows), true))
        .replaceWithVoid();
  }

  private static List<MultiGauge.Row<?>> gauges(RowSet<Row> rows) {
    List<MultiGauge.Row<?>> gauges = new ArrayList<>();
    rows.forEach(
        row -> gauges.add(MultiGauge.Row.of(Tags.of("site", row.getString(0)), row.getInteger(1))));
    return gauges;
  }
}
