package dev.gpucloud.kit.inbox;

import dev.gpucloud.kit.inbox.engine.Latest;
import dev.gpucloud.kit.inbox.engine.Sequencer;
import dev.gpucloud.kit.inbox.engine.Sequencer.Entry;
import dev.gpucloud.kit.inbox.engine.Sequencer.Plan;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * How far the streams of a batch have come, and what of them waits. Their rows are locked in the
 * order of their names until the batch commits, so that a replica that has just lost a partition
 * and the one that took it over wait for each other.
 */
@ApplicationScoped
class BatchStreams {
  private static final String POSITIONS =
      """
      select stream, last_sequence from inbox_position
      where consumer = $1 and stream = any ($2) order by stream for update""";
  private static final String BEGIN =
      """
      insert into inbox_position (consumer, stream, last_sequence)
      select $1, stream, 0 from unnest($2::text[]) u(stream) order by stream
      on conflict do nothing""";
  private static final String PARKED =
      """
      select stream, sequence, event::text from parked_event
      where consumer = $1 and stream = any ($2) order by stream, sequence""";
  private static final String STORE =
      """
      update inbox_position p set last_sequence = u.last_sequence
      from unnest($2::text[], $3::bigint[]) u(stream, last_sequence)
      where p.consumer = $1 and p.stream = u.stream""";
  private static final String PARK =
      """
      insert into parked_event (consumer, stream, sequence, tenant_id, event)
      select $1, u.stream, u.sequence, u.tenant, u.event::jsonb
      from unnest($2::text[], $3::bigint[], $4::uuid[], $5::text[]) u(stream, sequence, tenant, event)
      on conflict do nothing""";
  private static final String UNPARK =
      """
      delete from parked_event p using unnest($2::text[], $3::bigint[]) u(stream, sequence)
      where p.consumer = $1 and p.stream = u.stream and p.sequence = u.sequence""";

  private final Inbox inbox;

  BatchStreams(Inbox inbox) {
    this.inbox = inbox;
  }

  Uni<Void> inOrder(
      SqlConnection c,
      String consumer,
      List<InboundEvent> fresh,
      BiFunction<SqlConnection, List<InboundEvent>, Uni<Void>> effect) {
    List<Entry<InboundEvent>> entries = entries(fresh);
    String[] streams = streams(entries);
    return positions(c, consumer, streams)
        .chain(
            positions ->
                parked(c, consumer, streams)
                    .map(parked -> Sequencer.plan(positions, parked, entries)))
        .chain(plan -> carryOut(c, consumer, plan, effect));
  }

  /** Of each stream only the newest takes effect, and only if it is news. */
  Uni<Void> newest(
      SqlConnection c,
      String consumer,
      List<InboundEvent> fresh,
      BiFunction<SqlConnection, List<InboundEvent>, Uni<Void>> effect) {
    List<Entry<InboundEvent>> entries = entries(fresh);
    return positions(c, consumer, streams(entries))
        .map(positions -> Latest.plan(positions, entries))
        .chain(
            plan -> {
              plan.late().forEach(late -> inbox.count("late", late.event()));
              return plan.apply().isEmpty()
                  ? Uni.createFrom().voidItem()
                  : store(c, consumer, plan.positions())
                      .chain(() -> effect.apply(c, events(plan.apply())));
            });
  }

  private static List<Entry<InboundEvent>> entries(List<InboundEvent> events) {
    return events.stream()
        .map(e -> new Entry<>(e.topic() + "/" + e.key(), e.sequence(), e))
        .toList();
  }

  private static List<InboundEvent> events(List<Entry<InboundEvent>> entries) {
    return entries.stream().map(Entry::event).toList();
  }

  private static String[] streams(List<Entry<InboundEvent>> entries) {
    return entries.stream().map(Entry::stream).distinct().sorted().toArray(String[]::new);
  }

  private static Uni<Map<String, Long>> positions(
      SqlConnection c, String consumer, String[] streams) {
    Tuple names = Tuple.of(consumer).addArrayOfString(streams);
    return readPositions(c, names)
        .chain(
            found ->
                found.size() == streams.length
                    ? Uni.createFrom().item(found)
                    : c.preparedQuery(BEGIN).execute(names).chain(() -> readPositions(c, names)));
  }

  private static Uni<Map<String, Long>> readPositions(SqlConnection c, Tuple names) {
    return c.preparedQuery(POSITIONS)
        .execute(names)
        .map(
            rows -> {
              var positions = new HashMap<String, Long>();
              rows.forEach(row -> positions.put(row.getString(0), row.getLong(1)));
              return positions;
            });
  }

  private Uni<List<Entry<InboundEvent>>> parked(
      SqlConnection c, String consumer, String[] streams) {
    return c.preparedQuery(PARKED)
        .execute(Tuple.of(consumer).addArrayOfString(streams))
        .map(
            rows -> {
              var parked = new ArrayList<Entry<InboundEvent>>();
              rows.forEach(
                  row ->
                      parked.add(
                          new Entry<>(
                              row.getString(0), row.getLong(1), inbox.read(row.getString(2)))));
              return parked;
            });
  }

  private Uni<Void> carryOut(
      SqlConnection c,
      String consumer,
      Plan<InboundEvent> plan,
      BiFunction<SqlConnection, List<InboundEvent>, Uni<Void>> effect) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Entry<InboundEvent> used : plan.used()) {
      inbox.count("late", used.event());
      String reason = "sequence was used by another event";
      done = done.chain(() -> inbox.quarantine(c, consumer, used.event(), reason));
    }
    if (!plan.park().isEmpty()) {
      plan.park().forEach(entry -> inbox.count("parked", entry.event()));
      done = done.chain(() -> park(c, consumer, plan.park()));
    }
    if (!plan.unparked().isEmpty()) {
      done =
          done.chain(() -> c.preparedQuery(UNPARK).execute(places(consumer, plan.unparked())))
              .replaceWithVoid();
    }
    if (plan.apply().isEmpty()) {
      return done;
    }
    return done.chain(() -> store(c, consumer, plan.positions()))
        .chain(() -> effect.apply(c, events(plan.apply())));
  }

  private Uni<Void> park(SqlConnection c, String consumer, List<Entry<InboundEvent>> entries) {
    UUID[] tenants = entries.stream().map(e -> tenantOf(e.event())).toArray(UUID[]::new);
    String[] events = entries.stream().map(e -> inbox.write(e.event())).toArray(String[]::new);
    return c.preparedQuery(PARK)
        .execute(places(consumer, entries).addArrayOfUUID(tenants).addArrayOfString(events))
        .replaceWithVoid();
  }

  private static @Nullable UUID tenantOf(InboundEvent event) {
    return event.tenant() == null ? null : event.tenant().value();
  }

  private static Tuple places(String consumer, List<Entry<InboundEvent>> entries) {
    return Tuple.of(consumer)
        .addArrayOfString(entries.stream().map(Entry::stream).toArray(String[]::new))
        .addArrayOfLong(entries.stream().map(Entry::sequence).toArray(Long[]::new));
  }

  private static Uni<Void> store(SqlConnection c, String consumer, Map<String, Long> positions) {
    List<Map.Entry<String, Long>> all = List.copyOf(positions.entrySet());
    return c.preparedQuery(STORE)
        .execute(
            Tuple.of(consumer)
                .addArrayOfString(all.stream().map(Map.Entry::getKey).toArray(String[]::new))
                .addArrayOfLong(all.stream().map(Map.Entry::getValue).toArray(Long[]::new)))
        .replaceWithVoid();
  }
}
