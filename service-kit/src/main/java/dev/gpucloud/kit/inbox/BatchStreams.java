package dev.gpucloud.kit.inbox;

import dev.gpucloud.kit.inbox.engine.Latest;
import dev.gpucloud.kit.inbox.engine.Sequencer;
import dev.gpucloud.kit.inbox.engine.Sequencer.Entry;
import dev.gpucloud.kit.inbox.engine.Sequencer.Plan;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * How far the streams of a batch have come, and what of them waits. Their rows are locked in the
 * order of their names until the batch commits, so that a replica that has just lost a partition
 * and the one that took it over wait for each other; where both begin a stream, one begins anew.
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
      select $1, u.stream, u.last from unnest($2::text[], $3::bigint[]) u(stream, last)
      on conflict do nothing""";
  private static final String PARKED =
      """
      select stream, sequence, event::text from parked_event
      where consumer = $1 and stream = any ($2) order by stream, sequence""";

  /** Of rows that are there: by their key, whatever the planner thinks of a table that grew. */
  private static final String GO_ON =
      """
      insert into inbox_position (consumer, stream, last_sequence)
      select $1, u.stream, u.last from unnest($2::text[], $3::bigint[]) u(stream, last)
      on conflict (consumer, stream) do update set last_sequence = excluded.last_sequence""";

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
            before ->
                parked(c, consumer, streams)
                    .map(parked -> Sequencer.plan(before, parked, entries))
                    .call(plan -> store(c, consumer, before, plan.positions())))
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
        .chain(
            before -> {
              Latest.Plan<InboundEvent> plan = Latest.plan(before, entries);
              plan.late().forEach(late -> inbox.count("late", late.event()));
              return plan.apply().isEmpty()
                  ? Uni.createFrom().voidItem()
                  : store(c, consumer, before, plan.positions())
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

  /** The streams that are known, locked. */
  private static Uni<Map<String, Long>> positions(
      SqlConnection c, String consumer, String[] streams) {
    return c.preparedQuery(POSITIONS)
        .execute(Tuple.of(consumer).addArrayOfString(streams))
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
    return done.chain(() -> effect.apply(c, events(plan.apply())));
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

  /** Begins streams that are new, those that only wait as well, and moves the others on. */
  private static Uni<Void> store(
      SqlConnection c, String consumer, Map<String, Long> before, Map<String, Long> now) {
    var begun = new TreeMap<>(now);
    begun.keySet().removeAll(before.keySet());
    var moved = new TreeMap<>(now);
    moved.keySet().retainAll(before.keySet());
    moved.entrySet().removeAll(before.entrySet());
    return write(c, BEGIN, consumer, begun)
        .invoke(
            written -> {
              if (written != begun.size()) {
                throw new StreamTakenException();
              }
            })
        .chain(() -> write(c, GO_ON, consumer, moved))
        .replaceWithVoid();
  }

  private static Uni<Integer> write(
      SqlConnection c, String sql, String consumer, Map<String, Long> positions) {
    return positions.isEmpty()
        ? Uni.createFrom().item(0)
        : c.preparedQuery(sql)
            .execute(
                Tuple.of(consumer)
                    .addArrayOfString(positions.keySet().toArray(String[]::new))
                    .addArrayOfLong(positions.values().toArray(Long[]::new)))
            .map(RowSet::rowCount);
  }
}
