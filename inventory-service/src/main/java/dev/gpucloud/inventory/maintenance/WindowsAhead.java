package dev.gpucloud.inventory.maintenance;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.hosts.FleetConfig;
import dev.gpucloud.inventory.placement.WorkAhead;
import dev.gpucloud.inventory.placement.engine.PlannedWork;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The windows that are to come or under way, host by host, read at most as often as they are
 * followed up however many refusals ask. A host returns if its window gives it back to service: not
 * one that was cordoned before, is unreachable, or has slices that wait for a late proof.
 */
@ApplicationScoped
class WindowsAhead implements WorkAhead {
  private static final Logger LOG = Logger.getLogger(WindowsAhead.class);

  private static final String AHEAD =
      """
      select h.pool_id, h.id, w.notice_at, w.ends_at,
        coalesce(h.state_before = 'ACTIVE' and h.unreachable_since is null
          and exists (
            select 1 from host_drain d where d.window_id = w.id and d.host_id = h.id and %s)
          and not exists (
            select 1 from allocation a where a.host_id = h.id and a.state = 'FENCED'), false)
      from maintenance_window w join host h on %s
      where w.state in ('PLANNED', 'DRAINING', 'OPEN') and w.ends_at > $1
        and h.state in ('ACTIVE', 'DRAINING', 'MAINTENANCE')"""
          .formatted(Windows.KEEPS_CLOSED, Windows.inScope("w.scope", "w.target"));

  private final Transactions transactions;
  private final FleetConfig config;
  private final InstantSource business;
  private final InstantSource system;
  private @Nullable Shared shared;

  WindowsAhead(
      Transactions transactions,
      FleetConfig config,
      @Business InstantSource business,
      @SystemClock InstantSource system) {
    this.transactions = transactions;
    this.config = config;
    this.business = business;
    this.system = system;
  }

  /** One reading for all who ask until it is too old. */
  private record Shared(Uni<Map<String, List<PlannedWork>>> work, Instant begun) {}

  @Override
  public synchronized Uni<Map<String, List<PlannedWork>>> byPool() {
    Instant now = system.instant();
    Shared last = shared;
    if (last == null || !now.isBefore(last.begun().plus(config.windowCheck()))) {
      last = new Shared(read().memoize().indefinitely(), now);
      shared = last;
    }
    return last.work();
  }

  private Uni<Map<String, List<PlannedWork>>> read() {
    Tuple now = Tuple.of(business.instant().atOffset(ZoneOffset.UTC));
    return transactions
        .systemSql(c -> c.preparedQuery(AHEAD).execute(now).map(WindowsAhead::work))
        .onFailure()
        .invoke(f -> LOG.warnf("refusals do not say when work ends: %s", f.toString()))
        .onFailure()
        .recoverWithItem(Map.of());
  }

  private static Map<String, List<PlannedWork>> work(RowSet<Row> rows) {
    Map<String, List<PlannedWork>> byPool = new HashMap<>();
    for (Row row : rows) {
      byPool.computeIfAbsent(row.getString(0), pool -> new ArrayList<>()).add(work(row));
    }
    return byPool;
  }

  private static PlannedWork work(Row row) {
    return new PlannedWork(
        new HostId(row.getUUID(1)),
        row.getOffsetDateTime(2).toInstant(),
        row.getOffsetDateTime(3).toInstant(),
        row.getBoolean(4));
  }
}
