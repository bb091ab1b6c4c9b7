package dev.gpucloud.kit.inbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.kit.config.KitConfig;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * {@link Inbox} for events that come many at a time: one transaction and a few statements for a
 * batch. A batch that cannot take effect is tried record by record, so that one bad event holds up
 * no other.
 */
@ApplicationScoped
public class BatchInbox {
  private static final Logger LOG = Logger.getLogger(BatchInbox.class);
  private static final String UNIQUE_VIOLATION = "23505";

  /**
   * Of events that are all new, as nearly all batches are: half of what it takes to look first.
   * Fails when one is known.
   */
  private static final String REMEMBER_NEW =
      """
      insert into inbox (consumer, source, id, payload_hash)
      select $1, u.source, u.id, u.hash from unnest($2::text[], $3::text[], $4::bytea[])
        u(source, id, hash)""";

  private static final String REMEMBER =
      """
      with fresh as (
        insert into inbox (consumer, source, id, payload_hash)
        select $1, u.source, u.id, u.hash from unnest($2::text[], $3::text[], $4::bytea[])
          u(source, id, hash)
        on conflict do nothing returning source, id)
      select source, id from unnest($2::text[], $3::text[]) u(source, id)
      except select source, id from fresh""";
  private static final String KNOWN =
      """
      select i.source, i.id, i.payload_hash from inbox i
      join unnest($2::text[], $3::text[]) u(source, id) on u.source = i.source and u.id = i.id
      where i.consumer = $1""";
  private final Inbox inbox;
  private final Transactions transactions;
  private final ObjectMapper json;
  private final BatchStreams streams;
  private final String prefix;

  BatchInbox(
      Inbox inbox,
      Transactions transactions,
      ObjectMapper json,
      BatchStreams streams,
      KitConfig config) {
    this.inbox = inbox;
    this.streams = streams;
    this.transactions = transactions;
    this.json = json;
    this.prefix = config.topics().prefix().orElse("");
  }

  private record Name(String source, String id) {}

  private record Received(ConsumerRecord<String, byte[]> record, InboundEvent event, byte[] hash) {
    Name name() {
      return new Name(event.source(), event.id());
    }
  }

  /**
   * As {@link #accept} for a topic whose keys count 1..n: the effect gets events in that order,
   * with those that waited for one of the batch; what follows a hole waits.
   *
   * @param read throws {@link PoisonEventException} for an event that can never take effect, before
   *     it waits for others
   */
  public <F> Uni<Void> acceptSequenced(
      String consumer,
      Iterable<ConsumerRecord<String, byte[]>> records,
      Function<InboundEvent, F> read,
      BiFunction<SqlConnection, List<F>, Uni<Void>> effect) {
    return accept(
        consumer,
        records,
        (c, fresh) -> {
          var facts = new IdentityHashMap<InboundEvent, F>();
          fresh.forEach(event -> facts.put(event, read.apply(event)));
          return streams.inOrder(
              c,
              consumer,
              fresh,
              (same, events) ->
                  effect.apply(
                      same,
                      events.stream().map(e -> facts.computeIfAbsent(e, read::apply)).toList()));
        });
  }

  /**
   * As {@link #accept} for a compacted topic: of each key the effect gets the newest event, unless
   * a newer one took effect before.
   */
  public Uni<Void> acceptLatest(
      String consumer,
      Iterable<ConsumerRecord<String, byte[]>> records,
      BiFunction<SqlConnection, List<InboundEvent>, Uni<Void>> effect) {
    return accept(consumer, records, (c, fresh) -> streams.newest(c, consumer, fresh, effect));
  }

  /**
   * Applies the effect once to each event that is new, in the order given.
   *
   * @param effect runs in the inbox's transaction with the new events; never with none
   */
  public Uni<Void> accept(
      String consumer,
      Iterable<ConsumerRecord<String, byte[]>> records,
      BiFunction<SqlConnection, List<InboundEvent>, Uni<Void>> effect) {
    List<Received> readable = new ArrayList<>();
    Uni<Void> done = Uni.createFrom().voidItem();
    for (ConsumerRecord<String, byte[]> record : records) {
      try {
        readable.add(
            new Received(
                record, InboundEvent.read(record, prefix, json), Inbox.sha256(record.value())));
      } catch (PoisonEventException e) {
        done = done.chain(() -> patiently(() -> inbox.deadLetter(record, e)));
      }
    }
    return done.chain(() -> all(consumer, readable, effect));
  }

  private Uni<Void> all(
      String consumer,
      List<Received> batch,
      BiFunction<SqlConnection, List<InboundEvent>, Uni<Void>> effect) {
    if (batch.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return patiently(() -> once(consumer, batch, REMEMBER_NEW, effect))
        .onFailure(BatchInbox::isKnown)
        .recoverWithUni(() -> patiently(() -> once(consumer, batch, REMEMBER, effect)))
        .onFailure()
        .recoverWithUni(f -> oneByOne(consumer, batch, effect, f));
  }

  private Uni<Void> oneByOne(
      String consumer,
      List<Received> batch,
      BiFunction<SqlConnection, List<InboundEvent>, Uni<Void>> effect,
      Throwable failure) {
    if (batch.size() == 1) {
      return patiently(() -> inbox.deadLetter(batch.getFirst().record(), failure));
    }
    return Multi.createFrom()
        .iterable(batch)
        .onItem()
        .transformToUniAndConcatenate(each -> all(consumer, List.of(each), effect))
        .collect()
        .asList()
        .replaceWithVoid();
  }

  /** A database that is away is waited for; any other failure comes back. */
  private static Uni<Void> patiently(Supplier<Uni<? extends Void>> work) {
    return Uni.createFrom()
        .<Void>deferred(work)
        .onFailure(Failures::isTransient)
        .invoke(f -> LOG.warnf("a batch waits for the database: %s", f.toString()))
        .onFailure(Failures::isTransient)
        .retry()
        .withBackOff(Duration.ofMillis(200), Duration.ofSeconds(5))
        .indefinitely();
  }

  /** Whether an event of the batch came before. */
  private static boolean isKnown(Throwable failure) {
    return failure instanceof PgException pg
        && UNIQUE_VIOLATION.equals(pg.getSqlState())
        && "inbox".equals(pg.getTable());
  }

  private Uni<Void> once(
      String consumer,
      List<Received> batch,
      String remember,
      BiFunction<SqlConnection, List<InboundEvent>, Uni<Void>> effect) {
    return transactions.systemSql(c -> once(c, consumer, batch, remember, effect));
  }

  private Uni<Void> once(
      SqlConnection c,
      String consumer,
      List<Received> batch,
      String remember,
      BiFunction<SqlConnection, List<InboundEvent>, Uni<Void>> effect) {
    Map<Name, Received> first = new LinkedHashMap<>();
    batch.forEach(each -> first.putIfAbsent(each.name(), each));
    return c.preparedQuery(remember)
        .execute(rows(consumer, List.copyOf(first.values())))
        .map(BatchInbox::named)
        .chain(
            known -> {
              List<Received> again =
                  batch.stream()
                      .filter(r -> known.contains(r.name()) || first.get(r.name()) != r)
                      .toList();
              List<InboundEvent> events =
                  first.values().stream()
                      .filter(r -> !known.contains(r.name()))
                      .map(Received::event)
                      .toList();
              Uni<Void> told =
                  events.isEmpty() ? Uni.createFrom().voidItem() : effect.apply(c, events);
              return again.isEmpty() ? told : told.chain(() -> repeated(c, consumer, again));
            });
  }

  private static Tuple rows(String consumer, List<Received> batch) {
    return names(consumer, batch)
        .addValue(batch.stream().map(r -> Buffer.buffer(r.hash())).toArray(Buffer[]::new));
  }

  private static Tuple names(String consumer, List<Received> batch) {
    return Tuple.of(consumer)
        .addArrayOfString(batch.stream().map(r -> r.event().source()).toArray(String[]::new))
        .addArrayOfString(batch.stream().map(r -> r.event().id()).toArray(String[]::new));
  }

  private static Set<Name> named(RowSet<Row> rows) {
    var names = new HashSet<Name>();
    rows.forEach(row -> names.add(new Name(row.getString(0), row.getString(1))));
    return names;
  }

  /** The same once more is counted; another payload under the same id is put aside. */
  private Uni<Void> repeated(SqlConnection c, String consumer, List<Received> again) {
    return c.preparedQuery(KNOWN)
        .execute(names(consumer, again))
        .chain(
            rows -> {
              Map<Name, byte[]> known = new HashMap<>();
              rows.forEach(
                  row ->
                      known.put(
                          new Name(row.getString(0), row.getString(1)),
                          row.getBuffer(2).getBytes()));
              Uni<Void> done = Uni.createFrom().voidItem();
              for (Received each : again) {
                if (Arrays.equals(each.hash(), known.get(each.name()))) {
                  inbox.count("duplicate", each.event());
                } else {
                  done =
                      done.chain(
                          () ->
                              inbox.quarantine(
                                  c, consumer, each.event(), "same id with another payload"));
                }
              }
              return done;
            });
  }
}
