package dev.gpucloud.inventory.volume;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.event.VolumeOrderFact;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.id.VolumeId;
import dev.gpucloud.inventory.report.DueOrders;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.kit.tx.Transactions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Tells sites which volumes are to be gone, again and again until they say so. */
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
  private final DueOrders orders;
  private final VolumeConfig config;
  private final Counter sent;
  private final AtomicLong waiting = new AtomicLong();

  VolumeOrders(
      Transactions transactions, DueOrders orders, VolumeConfig config, MeterRegistry meters) {
    this.transactions = transactions;
    this.orders = orders;
    this.config = config;
    this.sent = meters.counter("gpucloud.volumes.orders.sent");
    meters.gauge("gpucloud.volumes.deleting", waiting);
  }

  @Scheduled(every = "1s", delayed = "2s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> order() {
    return transactions
        .systemSql(c -> send(c).chain(() -> count(c)))
        .onFailure()
        .invoke(f -> LOG.warnf("sites are not told of volumes: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Integer> send(SqlConnection c) {
    var pace = new DueOrders.Pace(config.resendAfter(), config.orderBatch());
    return orders.send(c, TAKE_DUE, pace, VolumeOrders::event).invoke(n -> sent.increment(n));
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
