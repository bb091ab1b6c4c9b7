package dev.gpucloud.tenant.directory;

import dev.gpucloud.kit.tx.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicLong;

/** Lag and refusals as gauges, for an alert when the identity provider stays behind. */
@ApplicationScoped
class DirectoryMeters {
  private final Transactions transactions;
  private final DirectoryConfig config;
  private final AtomicLong pending;
  private final AtomicLong refused;
  private final AtomicLong lagSeconds;
  private final AtomicLong checksDue;

  DirectoryMeters(Transactions transactions, DirectoryConfig config, MeterRegistry meters) {
    this.transactions = transactions;
    this.config = config;
    this.pending = meters.gauge("gpucloud.directory.pending", new AtomicLong());
    this.refused = meters.gauge("gpucloud.directory.refused", new AtomicLong());
    this.lagSeconds = meters.gauge("gpucloud.directory.lag.seconds", new AtomicLong());
    this.checksDue = meters.gauge("gpucloud.directory.checks.due", new AtomicLong());
  }

  @Scheduled(every = "10s", delayed = "5s")
  Uni<Void> read() {
    if (config.adminUrl().isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return transactions
        .asSystem(DirectoryLag::read)
        .invoke(
            lag -> {
              pending.set(lag.pending());
              refused.set(lag.refused());
              lagSeconds.set(lag.age().toSeconds());
              checksDue.set(lag.checksDue());
            })
        .replaceWithVoid();
  }
}
