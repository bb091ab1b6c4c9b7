package dev.gpucloud.tenant.directory;

import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicLong;

/** Lag and refusals as gauges, for an alert when the identity provider stays behind. */
@ApplicationScoped
class DirectoryMeters {
  private static final String LAG =
      """
      select count(*), count(*) filter (where problem is not null),
        coalesce(cast(extract(epoch from now() - min(changed_at)) as bigint), 0)
      from directory_entry where done < wanted""";

  private final Transactions transactions;
  private final DirectoryConfig config;
  private final AtomicLong pending;
  private final AtomicLong refused;
  private final AtomicLong lagSeconds;

  DirectoryMeters(Transactions transactions, DirectoryConfig config, MeterRegistry meters) {
    this.transactions = transactions;
    this.config = config;
    this.pending = meters.gauge("gpucloud.directory.pending", new AtomicLong());
    this.refused = meters.gauge("gpucloud.directory.refused", new AtomicLong());
    this.lagSeconds = meters.gauge("gpucloud.directory.lag.seconds", new AtomicLong());
  }

  @Scheduled(every = "10s", delayed = "5s")
  Uni<Void> read() {
    if (config.adminUrl().isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return transactions
        .asSystem(s -> Sql.rows(s, LAG))
        .invoke(
            rows -> {
              Object[] row = rows.getFirst();
              pending.set(((Number) row[0]).longValue());
              refused.set(((Number) row[1]).longValue());
              lagSeconds.set(((Number) row[2]).longValue());
            })
        .replaceWithVoid();
  }
}
