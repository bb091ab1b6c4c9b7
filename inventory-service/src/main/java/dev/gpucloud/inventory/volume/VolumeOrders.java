package dev.gpucloud.inventory.volume;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.event.VolumeOrderFact;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.id.VolumeId;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.kit.tx.Transactions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Tells sites which volumes are to be gone, again and again until they say so. What is wanted
 * stands in the volume's row, so that a restart loses nothing; several replicas share the work.
 */
@ApplicationScoped
class VolumeOrders {
  private static final Logger LOG = Logger.getLogger(VolumeOrders.class);

  private static final String TAKE_DUE =
      """
      update volume v set order_due_at = $2
      where v.id in (select id from volume where order_due_at <= $1
                     order by order_due_at limit $3 for update skip locked)
      returning v.id, v.tenant_id, v.site_id, v.order_sequence, v.updated_at""";

  private static final String WAITING =
      "select count(*) from volume where order_due_at is not null";

  private final Transactions transactions;
  private final Outbox outbox;
  private final VolumeConfig config;
  private final InstantSource system;
  private final Counter sent;
  private final AtomicLong waiting = new AtomicLong();

  VolumeOrders(
      Transactions transactions,
      Outbox outbox,
      VolumeConfig config,
      @SystemClock InstantSource system,
      MeterRegistry meters) {
    this.transactions = transactions;
    this.outbox = outbox;
    this.config = config;
    this.system = system;
    this.sent = meters.counter("gpucloud.volumes.orders.sent");
    meters.gauge("gpucloud.volumes.deleting", waiting);
  }

  @Scheduled(every = "1s", delayed = "2s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> order() {
    return transactions
        .systemSql(c -> due(c).chain(rows -> send(c, rows)).chain(() -> count(c)))
        .onFailure()
        .invoke(f -> LOG.warnf("sites are not told of volumes: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<RowSet<Row>> due(SqlConnection c) {
    Instant now = system.instant();
    return c.preparedQuery(TAKE_DUE)
        .execute(
            Tuple.of(
                now.atOffset(ZoneOffset.UTC),
                now.plus(config.resendAfter()).atOffset(ZoneOffset.UTC),
                config.orderBatch()));
  }

  private Uni<Void> send(SqlConnection c, RowSet<Row> rows) {
    List<OutboxEvent> events = new ArrayList<>();
    rows.forEach(row -> events.add(event(row)));
    sent.increment(events.size());
    return outbox.append(c, events);
  }

  private Uni<Void> count(SqlConnection c) {
    return c.preparedQuery(WAITING)
        .execute()
        .invoke(rows -> waiting.set(rows.iterator().next().getLong(0)))
        .replaceWithVoid();
  }

  private static OutboxEvent event(Row row) {
    VolumeId volume = new VolumeId(row.getUUID("id"));
    String site = row.getString("site_id");
    long sequence = row.getLong("order_sequence");
    Instant at = row.getOffsetDateTime("updated_at").toInstant();
    return new OutboxEvent(
        Ids.next(),
        Topics.orders(site),
        volume.toString(),
        EventTypes.VOLUME_ORDERED,
        volume.toString(),
        new TenantId(row.getUUID("tenant_id")),
        sequence,
        at,
        new VolumeOrderFact(site, volume, VolumeOrderFact.ABSENT, sequence, at));
  }
}
