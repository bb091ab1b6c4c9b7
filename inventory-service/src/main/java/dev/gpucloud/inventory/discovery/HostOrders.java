package dev.gpucloud.inventory.discovery;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.HostOrderFact;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.inventory.report.DueOrders;
import dev.gpucloud.kit.clock.Business;
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
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.jboss.logging.Logger;

/**
 * Tells agents which hosts to look for and which to burn in, again and again until they answer; and
 * notes delivered hosts that nobody found in time.
 */
@ApplicationScoped
class HostOrders {
  private static final Logger LOG = Logger.getLogger(HostOrders.class);

  /** Hosts that were sent back to their burn-in; one that only lacks power waits for it. */
  private static final String WANT_BURN_IN =
      """
      insert into host_intake as i (host_id, site_id, desired, order_due_at)
      select h.id, h.site_id, 'BURNED_IN', '-infinity' from host h
      where h.state = 'ACCEPTING'
        and not exists (select 1 from host_intake o where o.host_id = h.id
                        and o.desired = 'BURNED_IN')
        and not exists (select 1 from discrepancy d where d.host_id = h.id
                        and d.kind = 'NO_POWER' and d.state = 'OPEN')
      on conflict (host_id) do update set desired = 'BURNED_IN', order_due_at = '-infinity',
        order_sequence = i.order_sequence + 1""";

  private static final String TAKE_DUE =
      """
      update host_intake i set order_due_at = $2
      from host h
      where h.id = i.host_id and i.host_id in
        (select host_id from host_intake where desired is not null and order_due_at <= $1
         order by order_due_at limit $3 for update skip locked)
      returning i.host_id, i.site_id, i.desired, i.order_sequence, h.serial, h.model_id, h.gpus""";

  private final Transactions transactions;
  private final DueOrders orders;
  private final Discrepancies discrepancies;
  private final DiscoveryConfig config;
  private final InstantSource business;
  private final Counter sent;

  HostOrders(
      Transactions transactions,
      DueOrders orders,
      Discrepancies discrepancies,
      DiscoveryConfig config,
      @Business InstantSource business,
      MeterRegistry meters) {
    this.transactions = transactions;
    this.orders = orders;
    this.discrepancies = discrepancies;
    this.config = config;
    this.business = business;
    this.sent = meters.counter("gpucloud.discovery.orders.sent");
  }

  @Scheduled(every = "1s", delayed = "2s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> order() {
    return transactions
        .systemSql(c -> c.query(WANT_BURN_IN).execute().chain(() -> send(c)))
        .replaceWithVoid()
        .onFailure()
        .invoke(f -> LOG.warnf("hosts are not asked for: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Integer> send(SqlConnection c) {
    var pace = new DueOrders.Pace(config.resendAfter(), config.orderBatch());
    return orders.send(c, TAKE_DUE, pace, this::event).invoke(n -> sent.increment(n));
  }

  private OutboxEvent event(Row row) {
    HostId host = new HostId(row.getUUID("host_id"));
    String site = row.getString("site_id");
    long sequence = row.getLong("order_sequence");
    Instant at = business.instant();
    HostOrderFact order =
        new HostOrderFact(
            site,
            host,
            row.getString("serial"),
            row.getString("model_id"),
            row.getInteger("gpus"),
            row.getString("desired"),
            sequence,
            at);
    return new OutboxEvent(
        Ids.next(),
        Topics.orders(site),
        host.toString(),
        EventTypes.HOST_ORDERED,
        host.toString(),
        null,
        sequence,
        at,
        order);
  }

  @Scheduled(every = "5s", delayed = "5s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> miss() {
    return transactions
        .asSystem(
            s ->
                discrepancies.missing(
                    s, business.instant().minus(config.grace()).atOffset(ZoneOffset.UTC)))
        .invoke(
            rows ->
                rows.stream()
                    .limit(10)
                    .forEach(row -> LOG.warnf("host %s of site %s is missing", row[0], row[1])))
        .replaceWithVoid()
        .onFailure()
        .invoke(f -> LOG.warnf("missing hosts are not noted: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }
}
