package dev.gpucloud.billing.metering;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.HostHeartbeat;
import dev.gpucloud.contracts.event.HostHeartbeat.AliveRun;
import dev.gpucloud.kit.tx.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Keeps how long each run was seen alive, as a maximum: order and repetition do not matter, so no
 * inbox. A message that cannot be kept is counted and let go; the next one says the same and more.
 */
@ApplicationScoped
class HeartbeatConsumer {
  private static final Logger LOG = Logger.getLogger(HeartbeatConsumer.class);
  private static final int TRIES = 8;

  /** What comes of a run after its end changes what is known of the day that it ended on. */
  private static final String UPSERT =
      """
      with kept as (
        insert into run_heartbeat (run_id, alive_through, last_sequence)
        select run_id, max(alive_through), max(last_sequence)
        from unnest($1::uuid[], $2::timestamptz[], $3::bigint[])
          h (run_id, alive_through, last_sequence)
        group by run_id order by run_id
        on conflict (run_id) do update set
          alive_through = greatest(run_heartbeat.alive_through, excluded.alive_through),
          last_sequence = greatest(run_heartbeat.last_sequence, excluded.last_sequence),
          heard_at = now()
        where excluded.alive_through > run_heartbeat.alive_through
          or excluded.last_sequence > run_heartbeat.last_sequence
        returning run_id),
      days as (
        select distinct r.tenant_id, end_day(r.ended_at) as day
        from kept join run r using (run_id) where r.ended_at is not null),
      locked as (
        select u.tenant_id, u.day from usage_day u join days using (tenant_id, day)
        order by u.tenant_id, u.day for update of u)
      update usage_day u set version = u.version + 1, changed_at = now()
      from locked l where u.tenant_id = l.tenant_id and u.day = l.day""";

  private final Transactions transactions;
  private final ObjectMapper json;
  private final MeterRegistry meters;

  HeartbeatConsumer(Transactions transactions, ObjectMapper json, MeterRegistry meters) {
    this.transactions = transactions;
    this.json = json;
    this.meters = meters;
  }

  @Incoming("heartbeats")
  Uni<Void> on(ConsumerRecord<String, byte[]> r) {
    return Uni.createFrom()
        .deferred(() -> keep(runs(r)))
        .onFailure(f -> !(f instanceof IllegalArgumentException))
        .retry()
        .withBackOff(Duration.ofMillis(100), Duration.ofSeconds(2))
        .atMost(TRIES)
        .onFailure()
        .recoverWithUni(failure -> dropped(r, failure));
  }

  private List<AliveRun> runs(ConsumerRecord<String, byte[]> r) {
    try {
      List<AliveRun> runs = json.readValue(r.value(), HostHeartbeat.class).runs();
      return runs == null ? List.of() : runs;
    } catch (IOException e) {
      throw new IllegalArgumentException("not a heartbeat: " + e.getMessage(), e);
    }
  }

  private Uni<Void> keep(List<AliveRun> runs) {
    if (runs.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Tuple columns =
        Tuple.tuple()
            .addArrayOfUUID(runs.stream().map(r -> r.runId().value()).toArray(UUID[]::new))
            .addArrayOfOffsetDateTime(
                runs.stream()
                    .map(r -> r.aliveThrough().atOffset(ZoneOffset.UTC))
                    .toArray(OffsetDateTime[]::new))
            .addArrayOfLong(runs.stream().map(AliveRun::lastSequence).toArray(Long[]::new));
    return transactions.systemSql(c -> c.preparedQuery(UPSERT).execute(columns).replaceWithVoid());
  }

  private Uni<Void> dropped(ConsumerRecord<String, byte[]> r, Throwable failure) {
    meters.counter("gpucloud.billing.heartbeats.dropped").increment();
    LOG.warnf("heartbeat at %s/%d not kept: %s", r.topic(), r.offset(), failure.toString());
    return Uni.createFrom().voidItem();
  }
}
