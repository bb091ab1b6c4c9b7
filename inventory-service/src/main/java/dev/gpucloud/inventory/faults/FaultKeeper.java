package dev.gpucloud.inventory.faults;

import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.tx.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Shows which breakers are open as a metric, and forgets faults that are older than is kept. */
@ApplicationScoped
class FaultKeeper {
  private static final Logger LOG = Logger.getLogger(FaultKeeper.class);
  private static final String PURGE =
      """
      delete from gpu_fault where id in (
        select id from gpu_fault where recorded_at < $1 order by recorded_at limit 10000)""";

  private final Transactions transactions;
  private final SiteBreakers breakers;
  private final FaultConfig config;
  private final InstantSource system;
  private final MultiGauge open;

  FaultKeeper(
      Transactions transactions,
      SiteBreakers breakers,
      FaultConfig config,
      @SystemClock InstantSource system,
      MeterRegistry meters) {
    this.transactions = transactions;
    this.breakers = breakers;
    this.config = config;
    this.system = system;
    this.open =
        MultiGauge.builder("gpucloud.faults.breaker.open")
            .description("1 while faults of the site are recorded only")
            .register(meters);
  }

  @Scheduled(
      every = "${gpucloud.faults.breaker-check}",
      delayed = "5s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> show() {
    return transactions
        .asSystem(s -> breakers.read(s, null))
        .invoke(all -> open.register(rows(all), true))
        .replaceWithVoid()
        .onFailure()
        .invoke(f -> LOG.warnf("breakers are not read: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private static List<Row<?>> rows(List<BreakerView> all) {
    return all.stream()
        .map(b -> Row.of(Tags.of("site", b.site()), b.open() ? 1 : 0))
        .collect(Collectors.toList());
  }

  @Scheduled(every = "1h", delayed = "10m", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> purge() {
    return transactions
        .systemSql(
            c ->
                c.preparedQuery(PURGE)
                    .execute(
                        Tuple.of(
                            system.instant().minus(config.retention()).atOffset(ZoneOffset.UTC))))
        .replaceWithVoid()
        .onFailure()
        .invoke(f -> LOG.warnf("old faults stay for now: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }
}
