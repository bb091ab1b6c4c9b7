package dev.gpucloud.kit.outbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.gpucloud.kit.config.KitConfig;
import dev.gpucloud.kit.lease.Leases;
import dev.gpucloud.kit.outbox.OutboxRow.Entry;
import dev.gpucloud.kit.tx.Transactions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Publishes what stands in the outbox, oldest first, and removes it once the broker has it.
 * Reading, sending and removing are three steps: a crash between them sends an event again, and the
 * inbox of the reader drops the second. A lease lets one replica publish at a time.
 *
 * <p>A row goes once the broker took all of its events, whatever became of other rows; what one
 * round sent, the next removes. A topic that refuses an event rests for a while, so that its events
 * keep their order and nobody else's wait for them.
 */
@ApplicationScoped
public class OutboxRelay {
  private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
  private static final String LEASE = "outbox-relay";
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final String SELECT =
      """
      select position, topic, events, packed, count from (
        select position, topic, events, packed, count,
          sum(count) over (order by position) - count as before
        from (select * from outbox where topic <> all($2) order by position limit $1) oldest) row
      where before < $1 order by position""";
  private static final String DELETE = "delete from outbox where position = any($1)";

  private final Transactions transactions;
  private final Leases leases;
  private final Vertx vertx;
  private final KitConfig.Outbox config;
  private final String prefix;
  private final String source;
  private final KafkaProducer<String, byte[]> producer;
  private final RelaySignal signal;
  private final ObjectReader entries;
  private final Counter published;
  private final RestingTopics resting = new RestingTopics();
  private final String holder = UUID.randomUUID().toString();
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile boolean again;
  private volatile boolean stopped;
  private volatile long notBefore = System.nanoTime();
  private volatile long nextRound = System.nanoTime();
  private volatile long askAgain = System.nanoTime();
  private volatile boolean holding;
  private volatile List<Long> taken = List.of();

  OutboxRelay(
      Transactions transactions,
      Leases leases,
      Vertx vertx,
      KitConfig config,
      RelaySignal signal,
      ObjectMapper json,
      MeterRegistry meters,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      @ConfigProperty(name = "quarkus.application.name") String application) {
    this.transactions = transactions;
    this.leases = leases;
    this.vertx = vertx;
    this.config = config.outbox();
    this.prefix = config.topics().prefix().orElse("");
    this.source = "/" + application;
    this.signal = signal;
    this.entries = json.readerForListOf(Entry.class);
    this.published = meters.counter("gpucloud.outbox.published");
    meters.gauge("gpucloud.outbox.resting.topics", resting, RestingTopics::size);
    this.producer = producer(kafka, application);
  }

  private static KafkaProducer<String, byte[]> producer(Map<String, Object> kafka, String name) {
    var settings = new HashMap<String, Object>(kafka);
    settings.put("client.id", name + "-outbox");
    settings.put("acks", "all");
    settings.put("enable.idempotence", true);
    settings.put("delivery.timeout.ms", 10_000);
    settings.put("request.timeout.ms", 5_000);
    settings.put("max.block.ms", 5_000);
    settings.put("linger.ms", 2);
    return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  void start(@Observes StartupEvent event) {
    signal.listen(this::wake);
    vertx.setPeriodic(config.pollInterval().toMillis(), t -> wake());
  }

  void stop(@Observes ShutdownEvent event) {
    stopped = true;
    producer.close(Duration.ofSeconds(2));
  }

  /** Starts a round unless one runs; that one then looks again before it rests. */
  private void wake() {
    again = true;
    if (!stopped && System.nanoTime() - notBefore >= 0 && running.compareAndSet(false, true)) {
      round();
    }
  }

  /** At once, or when what is committed meanwhile has been collected. */
  private void round() {
    long waitNanos = nextRound - System.nanoTime();
    if (waitNanos <= 0) {
      publish();
    } else {
      vertx.setTimer(1 + waitNanos / 1_000_000, t -> publish());
    }
  }

  private void publish() {
    again = false;
    nextRound = System.nanoTime() + config.linger().toNanos();
    Uni.createFrom().deferred(this::publishBatch).subscribe().with(this::rest, this::recover);
  }

  private void rest(int sent) {
    if (sent >= config.batchSize()) {
      nextRound = System.nanoTime();
    }
    if (!stopped && (sent > 0 || again)) {
      round();
    } else {
      running.set(false);
    }
  }

  private void recover(Throwable failure) {
    if (!stopped) {
      LOG.warnf("outbox relay pauses: %s", failure.toString());
    }
    notBefore = System.nanoTime() + AFTER_FAILURE.toNanos();
    running.set(false);
  }

  /** Answers how many events the broker took. */
  private Uni<Integer> publishBatch() {
    return holdsLease()
        .chain(held -> held ? removeAndRead().chain(this::send) : Uni.createFrom().item(0));
  }

  /**
   * Asked for again when half of it is over: until then nobody else can have it. Who does not hold
   * it asks as often as it looks without being nudged, and not at each commit of its service.
   */
  private Uni<Boolean> holdsLease() {
    long asked = System.nanoTime();
    if (asked - askAgain < 0) {
      return Uni.createFrom().item(holding);
    }
    return leases
        .tryAcquire(LEASE, holder, config.lease())
        .map(Optional::isPresent)
        .invoke(
            held -> {
              holding = held;
              long nanos = held ? config.lease().toNanos() / 2 : config.pollInterval().toNanos();
              askAgain = asked + nanos;
            });
  }

  /** What the round before sent goes in the transaction that reads on. */
  private Uni<RowSet<Row>> removeAndRead() {
    Long[] gone = taken.toArray(Long[]::new);
    String[] skipped = resting.at(System.nanoTime()).toArray(String[]::new);
    Tuple parameters = Tuple.of(config.batchSize()).addArrayOfString(skipped);
    return transactions
        .systemSql(
            c -> {
              Uni<RowSet<Row>> read = c.preparedQuery(SELECT).execute(parameters);
              return gone.length == 0
                  ? read
                  : c.preparedQuery(DELETE)
                      .execute(Tuple.tuple().addArrayOfLong(gone))
                      .chain(() -> read);
            })
        .invoke(() -> taken = List.of());
  }

  private Uni<Integer> send(RowSet<Row> rows) {
    if (rows.size() == 0) {
      return Uni.createFrom().item(0);
    }
    var refused = new ConcurrentHashMap<String, Throwable>();
    var sends = new ArrayList<Uni<Optional<Sent>>>();
    for (Row row : rows) {
      sends.add(send(row, refused));
    }
    return Uni.join()
        .all(sends)
        .andFailFast()
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .map(sent -> sent.stream().flatMap(Optional::stream).toList())
        .map(
            sent -> {
              rest(refused, sent.size());
              return taken(sent);
            });
  }

  /** A row whose events the broker has. */
  private record Sent(long position, int events) {}

  /**
   * The producer may block for metadata, so the sends are subscribed, in order, on a worker; after
   * a refusal the later events of the topic stay, which keeps their order. Empty means that not all
   * of the row's events were taken: it stays whole, and readers drop what they have already.
   */
  private Uni<Optional<Sent>> send(Row row, Map<String, Throwable> refused) {
    String topic = row.getString("topic");
    return Uni.createFrom()
        .emitter(
            emitter -> {
              List<Entry> events = OutboxRow.entries(entries, text(row));
              var open = new AtomicInteger(events.size());
              Runnable settle =
                  () -> {
                    if (open.decrementAndGet() == 0) {
                      emitter.complete(
                          refused.containsKey(topic)
                              ? Optional.empty()
                              : Optional.of(new Sent(row.getLong("position"), events.size())));
                    }
                  };
              for (Entry event : events) {
                if (refused.containsKey(topic)) {
                  settle.run();
                } else {
                  send(topic, event, refused, settle);
                }
              }
            });
  }

  private static String text(Row row) {
    Buffer packed = row.getBuffer("packed");
    return packed == null ? row.getString("events") : Packed.unpack(packed.getBytes());
  }

  private void send(String topic, Entry event, Map<String, Throwable> refused, Runnable settle) {
    producer.send(
        record(topic, event),
        (meta, failure) -> {
          if (failure == null) {
            resting.accepted(topic);
          } else {
            refused.putIfAbsent(topic, failure);
          }
          settle.run();
        });
  }

  private void rest(Map<String, Throwable> refused, int sent) {
    refused.forEach(
        (topic, failure) -> {
          Duration rest = resting.refused(topic, System.nanoTime(), sent > 0);
          LOG.warnf("events for %s rest for %s: %s", topic, rest, failure.toString());
        });
  }

  private int taken(List<Sent> sent) {
    taken = sent.stream().map(Sent::position).toList();
    int events = sent.stream().mapToInt(Sent::events).sum();
    published.increment(events);
    return events;
  }

  private ProducerRecord<String, byte[]> record(String topic, Entry event) {
    var record =
        new ProducerRecord<>(
            prefix + topic, event.key(), event.data().getBytes(StandardCharsets.UTF_8));
    header(record, "ce_specversion", "1.0");
    header(record, "ce_id", event.id().toString());
    header(record, "ce_source", source);
    header(record, "ce_type", event.type());
    header(record, "ce_subject", event.subject());
    header(record, "ce_time", event.time());
    header(record, "ce_sequence", Long.toString(event.sequence()));
    header(record, "content-type", "application/json");
    if (event.tenant() != null) {
      header(record, "ce_tenantid", "ten_" + event.tenant());
    }
    if (event.traceparent() != null) {
      header(record, "traceparent", event.traceparent());
    }
    return record;
  }

  private static void header(ProducerRecord<String, byte[]> record, String name, String value) {
    record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
