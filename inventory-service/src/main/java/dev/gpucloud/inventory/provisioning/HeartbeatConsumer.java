package dev.gpucloud.inventory.provisioning;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.HostHeartbeat;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.config.KitConfig;
import dev.gpucloud.kit.tx.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Remembers when a host was last heard of (system clock). Signs of life are gathered and written
 * every few seconds; losing some does no harm, since the next one follows within seconds.
 */
@ApplicationScoped
class HeartbeatConsumer {
  private static final Logger LOG = Logger.getLogger(HeartbeatConsumer.class);
  private static final String STORE =
      """
      update host h set last_seen_at = u.seen
      from unnest($1::uuid[], $2::text[], $3::timestamptz[]) u(id, site, seen)
      where h.id = u.id and h.site_id = u.site""";

  private final ObjectMapper json;
  private final Transactions transactions;
  private final InstantSource system;
  private final MeterRegistry meters;
  private final String prefix;
  private final Map<UUID, Seen> seen = new ConcurrentHashMap<>();

  HeartbeatConsumer(
      ObjectMapper json,
      Transactions transactions,
      @SystemClock InstantSource system,
      MeterRegistry meters,
      KitConfig config) {
    this.json = json;
    this.transactions = transactions;
    this.system = system;
    this.meters = meters;
    this.prefix = config.topics().prefix().orElse("");
  }

  private record Seen(String site, Instant at) {}

  @Incoming("heartbeats")
  Uni<Void> on(ConsumerRecord<String, byte[]> message) {
    try {
      HostHeartbeat heartbeat = json.readValue(message.value(), HostHeartbeat.class);
      if (message.topic().equals(prefix + Topics.heartbeats(heartbeat.site()))) {
        seen.put(heartbeat.hostId().value(), new Seen(heartbeat.site(), system.instant()));
      } else {
        meters.counter("gpucloud.heartbeats.refused", "reason", "OTHER_SITE").increment();
      }
    } catch (IOException e) {
      meters.counter("gpucloud.heartbeats.refused", "reason", "UNREADABLE").increment();
      LOG.warnf("unreadable heartbeat on %s: %s", message.topic(), e.getMessage());
    }
    return Uni.createFrom().voidItem();
  }

  @Scheduled(every = "5s", concurrentExecution = ConcurrentExecution.SKIP)
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
