package dev.gpucloud.kit.inbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.kit.config.KitConfig;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Gives every event effect once. The event's id, its place in the order and its effect commit in
 * one transaction; a redelivery finds the id and does nothing.
 *
 * <p>The same id with another payload is quarantined. An event that can never take effect is sent
 * to the dead-letter topic. A database that is away is waited for: the returned item completes only
 * when the event is dealt with, so the record may then be acknowledged.
 */
@ApplicationScoped
public class Inbox {
  /** How the events of one key are ordered. */
  public enum Order {
    /** 1..n per key without a hole: what follows a gap is parked until the gap closes. */
    SEQUENCED,
    /** Compacted topics: a newer sequence replaces an older one, holes are normal. */
    LATEST,
    /** No order, only once. */
    NONE
  }

  private static final Logger LOG = Logger.getLogger(Inbox.class);
  private static final String DEFAULT_CONSUMER = "main";
  private static final int TRIES_BEFORE_DEAD_LETTER = 5;

  private final Transactions transactions;
  private final Outbox outbox;
  private final ObjectMapper json;
  private final MeterRegistry meters;
  private final String prefix;

  Inbox(
      Transactions transactions,
      Outbox outbox,
      ObjectMapper json,
      MeterRegistry meters,
      KitConfig config) {
    this.transactions = transactions;
    this.outbox = outbox;
    this.json = json;
    this.meters = meters;
    this.prefix = config.topics().prefix().orElse("");
  }

  /** As {@link #accept(String, ConsumerRecord, Order, BiFunction)} for a service's own consumer. */
  public Uni<Void> accept(
      ConsumerRecord<String, byte[]> r,
      Order order,
      BiFunction<Mutiny.Session, InboundEvent, Uni<Void>> effect) {
    return accept(DEFAULT_CONSUMER, r, order, effect);
  }

  /**
   * Applies the effect once.
   *
   * @param consumer names the reader when several in one service read the same topic
   * @param effect runs in the inbox's transaction; it may throw {@link PoisonEventException}
   */
  public Uni<Void> accept(
      String consumer,
      ConsumerRecord<String, byte[]> r,
      Order order,
      BiFunction<Mutiny.Session, InboundEvent, Uni<Void>> effect) {
    return Uni.createFrom()
        .deferred(() -> once(consumer, r, order, effect))
        .onFailure(f -> !Failures.isTransient(f) && !(f instanceof PoisonEventException))
        .retry()
        .withBackOff(Duration.ofMillis(100), Duration.ofSeconds(1))
        .atMost(TRIES_BEFORE_DEAD_LETTER)
        .onFailure(f -> !Failures.isTransient(f))
        .recoverWithUni(f -> deadLetter(r, f))
        .onFailure()
        .invoke(f -> LOG.warnf("%s waits for the database: %s", r.topic(), f.toString()))
        .onFailure()
        .retry()
        .withBackOff(Duration.ofMillis(200), Duration.ofSeconds(5))
        .indefinitely();
  }

  private Uni<Void> once(
      String consumer,
      ConsumerRecord<String, byte[]> r,
      Order order,
      BiFunction<Mutiny.Session, InboundEvent, Uni<Void>> effect) {
    InboundEvent event = InboundEvent.read(r, prefix, json);
    byte[] hash = sha256(r.value());
    return transactions.asSystem(
        s ->
            remember(s, consumer, event, hash)
                .chain(
                    fresh ->
                        fresh
                            ? inOrder(s, consumer, event, order, effect)
                            : repeated(s, consumer, event, hash)));
  }

  private Uni<Boolean> remember(Mutiny.Session s, String consumer, InboundEvent e, byte[] hash) {
    return Sql.update(
            s,
            """
            insert into inbox (consumer, source, id, payload_hash) values (?1, ?2, ?3, ?4)
            on conflict do nothing""",
            consumer,
            e.source(),
            e.id(),
            hash)
        .map(n -> n == 1);
  }

  private Uni<Void> repeated(Mutiny.Session s, String consumer, InboundEvent e, byte[] hash) {
    return Sql.rows(
            s,
            "select payload_hash from inbox where consumer = ?1 and source = ?2 and id = ?3",
            consumer,
            e.source(),
            e.id())
        .chain(
            rows -> {
              if (Arrays.equals((byte[]) rows.getFirst()[0], hash)) {
                count("duplicate", e);
                return Uni.createFrom().voidItem();
              }
              return quarantine(s, consumer, e, "same id with another payload");
            });
  }

  private Uni<Void> inOrder(
      Mutiny.Session s,
      String consumer,
      InboundEvent e,
      Order order,
      BiFunction<Mutiny.Session, InboundEvent, Uni<Void>> effect) {
    if (order == Order.NONE) {
      return effect.apply(s, e);
    }
    String stream = e.topic() + "/" + e.key();
    return position(s, consumer, stream)
        .chain(
            last -> {
              if (e.sequence() <= last) {
                count("late", e);
                return order == Order.LATEST
                    ? Uni.createFrom().voidItem()
                    : quarantine(s, consumer, e, "sequence was used by another event");
              }
              if (order == Order.SEQUENCED && e.sequence() > last + 1) {
                return park(s, consumer, stream, e);
              }
              return effect
                  .apply(s, e)
                  .chain(() -> drainParked(s, consumer, stream, e.sequence(), effect));
            });
  }

  private Uni<Long> position(Mutiny.Session s, String consumer, String stream) {
    return Sql.update(
            s,
            """
            insert into inbox_position (consumer, stream, last_sequence) values (?1, ?2, 0)
            on conflict do nothing""",
            consumer,
            stream)
        .chain(
            () ->
                Sql.rows(
                    s,
                    """
                    select last_sequence from inbox_position
                    where consumer = ?1 and stream = ?2 for update""",
                    consumer,
                    stream))
        .map(rows -> ((Number) rows.getFirst()[0]).longValue());
  }

  private Uni<Void> park(Mutiny.Session s, String consumer, String stream, InboundEvent e) {
    count("parked", e);
    return Sql.update(
            s,
            """
            insert into parked_event (consumer, stream, sequence, tenant_id, event)
            values (?1, ?2, ?3, cast(cast(?4 as text) as uuid), cast(cast(?5 as text) as jsonb))
            on conflict do nothing""",
            consumer,
            stream,
            e.sequence(),
            e.tenant() == null ? null : e.tenant().value().toString(),
            write(e))
        .replaceWithVoid();
  }

  /** Applies what waited for this sequence, one by one, then stores how far the stream has come. */
  private Uni<Void> drainParked(
      Mutiny.Session s,
      String consumer,
      String stream,
      long sequence,
      BiFunction<Mutiny.Session, InboundEvent, Uni<Void>> effect) {
    return Sql.rows(
            s,
            """
            delete from parked_event where consumer = ?1 and stream = ?2 and sequence = ?3
            returning cast(event as text)""",
            consumer,
            stream,
            sequence + 1)
        .chain(
            rows ->
                rows.isEmpty()
                    ? store(s, consumer, stream, sequence)
                    : effect
                        .apply(s, read((String) rows.getFirst()[0]))
                        .chain(() -> drainParked(s, consumer, stream, sequence + 1, effect)));
  }

  private Uni<Void> store(Mutiny.Session s, String consumer, String stream, long sequence) {
    return Sql.update(
            s,
            "update inbox_position set last_sequence = ?3 where consumer = ?1 and stream = ?2",
            consumer,
            stream,
            sequence)
        .replaceWithVoid();
  }

  private Uni<Void> quarantine(Mutiny.Session s, String consumer, InboundEvent e, String reason) {
    count("quarantined", e);
    LOG.errorf("quarantined event %s of %s: %s", e.id(), e.source(), reason);
    return Sql.update(
            s,
            """
            insert into quarantined_event (consumer, source, id, reason, event)
            values (?1, ?2, ?3, ?4, cast(cast(?5 as text) as jsonb))""",
            consumer,
            e.source(),
            e.id(),
            reason,
            write(e))
        .replaceWithVoid();
  }

  Uni<Void> quarantine(SqlConnection c, String consumer, InboundEvent e, String reason) {
    count("quarantined", e);
    LOG.errorf("quarantined event %s of %s: %s", e.id(), e.source(), reason);
    return c.preparedQuery(
            """
            insert into quarantined_event (consumer, source, id, reason, event)
            values ($1, $2, $3, $4, $5::text::jsonb)""")
        .execute(Tuple.of(consumer, e.source(), e.id(), reason, write(e)))
        .replaceWithVoid();
  }

  Uni<Void> deadLetter(ConsumerRecord<String, byte[]> r, Throwable failure) {
    LOG.errorf(
        failure, "dead letter: %s partition %d offset %d", r.topic(), r.partition(), r.offset());
    meters.counter("gpucloud.inbox.events", "outcome", "dead", "topic", r.topic()).increment();
    var letter = new LinkedHashMap<String, Object>();
    letter.put("topic", r.topic());
    letter.put("partition", r.partition());
    letter.put("offset", r.offset());
    letter.put("key", r.key());
    letter.put("reason", String.valueOf(failure.getMessage()));
    letter.put("value", new String(r.value(), StandardCharsets.UTF_8));
    String key = r.topic() + "/" + r.partition() + "/" + r.offset();
    var out =
        new OutboxEvent(
            Ids.next(),
            Topics.DEAD_LETTERS,
            key,
            "event.dead-lettered",
            key,
            null,
            1,
            Instant.ofEpochMilli(r.timestamp()),
            letter);
    return transactions.asSystem(s -> outbox.append(s, out));
  }

  void count(String outcome, InboundEvent e) {
    meters.counter("gpucloud.inbox.events", "outcome", outcome, "topic", e.topic()).increment();
  }

  String write(InboundEvent e) {
    try {
      return json.writeValueAsString(e);
    } catch (java.io.IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  InboundEvent read(String text) {
    try {
      return json.readValue(text, InboundEvent.class);
    } catch (java.io.IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Parked events of a tenant, oldest first: what billing shows as gaps. */
  public Uni<List<Object[]>> parkedOf(Mutiny.Session s, java.util.UUID tenant) {
    return Sql.rows(
        s,
        """
        select stream, sequence, parked_at from parked_event where tenant_id = ?1
        order by parked_at limit 1000""",
        tenant);
  }
}
