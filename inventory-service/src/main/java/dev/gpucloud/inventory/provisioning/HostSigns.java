package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.tx.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Remembers when a host was last heard of (system clock), by heartbeat or report. Signs of life are
 * gathered and written every few seconds; losing some does no harm, since the next one follows
 * within seconds. Also counts what hosts failed to boot.
 */
@ApplicationScoped
class HostSigns {
  private static final Logger LOG = Logger.getLogger(HostSigns.class);

  /** More hosts than this have one figure together, so that metrics stay bounded. */
  private static final int NAMED_HOSTS = 500;

  private static final String STORE =
      """
      update host h set last_seen_at = u.seen
      from unnest($1::uuid[], $2::text[], $3::timestamptz[]) u(id, site, seen)
      where h.id = u.id and h.site_id = u.site""";

  private final Transactions transactions;
  private final InstantSource system;
  private final MeterRegistry meters;
  private final Map<UUID, Seen> seen = new ConcurrentHashMap<>();
  private final Set<UUID> failing = ConcurrentHashMap.newKeySet();

  HostSigns(Transactions transactions, @SystemClock InstantSource system, MeterRegistry meters) {
    this.transactions = transactions;
    this.system = system;
    this.meters = meters;
  }

  private record Seen(String site, Instant at) {}

  void seen(HostId host, String site) {
    seen.put(host.value(), new Seen(site, system.instant()));
  }

  void bootFailed(HostId host, String site) {
    boolean named = failing.contains(host.value()) || failing.size() < NAMED_HOSTS;
    if (named) {
      failing.add(host.value());
    }
    String name = named ? host.toString() : "others";
    meters.counter("gpucloud.hosts.boot.failures", "site", site, "host", name).increment();
  }

  @Scheduled(
      every = "${gpucloud.provisioning.sign-store}",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> store() {
    List<Map.Entry<UUID, Seen>> entries = List.copyOf(seen.entrySet());
    if (entries.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    entries.forEach(entry -> seen.remove(entry.getKey(), entry.getValue()));
    return transactions
        .systemSql(
            c ->
                c.preparedQuery(STORE)
                    .execute(
                        Tuple.tuple()
                            .addArrayOfUUID(
                                entries.stream().map(Map.Entry::getKey).toArray(UUID[]::new))
                            .addArrayOfString(
                                entries.stream()
                                    .map(e -> e.getValue().site())
                                    .toArray(String[]::new))
                            .addArrayOfOffsetDateTime(
                                entries.stream()
                                    .map(e -> e.getValue().at().atOffset(ZoneOffset.UTC))
                                    .toArray(OffsetDateTime[]::new))))
        .replaceWithVoid()
        .onFailure()
        .invoke(f -> LOG.warnf("signs of life are not stored: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }
}
