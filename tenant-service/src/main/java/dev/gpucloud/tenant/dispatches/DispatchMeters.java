package dev.gpucloud.tenant.dispatches;

import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicLong;

/** What waits and what was given up as gauges, for an alert when people are not reached. */
@ApplicationScoped
class DispatchMeters {
  private static final String STATE =
      """
      select count(*) filter (where state = 'PENDING'), count(*) filter (where state = 'DEAD'),
        coalesce(cast(extract(epoch from now() - min(created_at) filter (where state = 'PENDING'))
          as bigint), 0)
      from notification_dispatch where state <> 'SENT'""";

  private final Transactions transactions;
  private final AtomicLong pending;
  private final AtomicLong dead;
  private final AtomicLong lagSeconds;

  DispatchMeters(Transactions transactions, MeterRegistry meters) {
    this.transactions = transactions;
    this.pending = meters.gauge("gpucloud.dispatches.pending", new AtomicLong());
    this.dead = meters.gauge("gpucloud.dispatches.dead", new AtomicLong());
    this.lagSeconds = meters.gauge("gpucloud.dispatches.lag.seconds", new AtomicLong());
  }

  @Scheduled(every = "30s", delayed = "10s")
  Uni<Void> read() {
    return transactions
        .readAsSystem(s -> Sql.rows(s, STATE))
        .invoke(
            rows -> {
              Object[] row = rows.getFirst();
              pending.set(((Number) row[0]).longValue());
              dead.set(((Number) row[1]).longValue());
              lagSeconds.set(((Number) row[2]).longValue());
            })
        .replaceWithVoid();
  }
}
