package dev.gpucloud.kit.outbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.kit.tx.Sql;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collections;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Appends events in the transaction of the change they tell of: both commit or neither does. What a
 * call tells one topic is one row. The current trace travels along, so that a request can be
 * followed through Kafka.
 */
@ApplicationScoped
public class Outbox {
  private static final String INSERT =
      "insert into outbox (topic, events, count) values (?1, ?2, ?3)";
  private static final String INSERT_IF_WRITTEN =
      """
      insert into outbox (topic, events, count)
      select cast(?1 as text), cast(?2 as text), cast(?3 as int)
      where pg_current_xact_id_if_assigned() is not null""";
  private static final String INSERT_RAW =
      """
      insert into outbox (topic, events, packed, count)
      select * from unnest($1::text[], $2::text[], $3::bytea[], $4::int[])""";

  private final ObjectMapper json;
  private final RelaySignal signal;

  Outbox(ObjectMapper json, RelaySignal signal) {
    this.json = json;
    this.signal = signal;
  }

  /** Appends in the session's transaction, in the order given. */
  public Uni<Void> append(Mutiny.Session s, OutboxEvent... events) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (OutboxRow row : rows(List.of(events), Collections.nCopies(events.length, traceparent()))) {
      done =
          done.chain(
              () -> Sql.update(s, INSERT, row.topic(), row.text(), row.count()).replaceWithVoid());
    }
    signal.appended();
    return done;
  }

  /**
   * Appends one event if the transaction has written something: it has an id of its own from the
   * first row that it wrote or locked.
   */
  public Uni<Void> appendIfWritten(Mutiny.Session s, OutboxEvent event) {
    OutboxRow row = rows(List.of(event), Collections.singletonList(traceparent())).getFirst();
    signal.appended();
    return Sql.update(s, INSERT_IF_WRITTEN, row.topic(), row.text(), row.count()).replaceWithVoid();
  }

  /** Appends many events with one statement, in the order given; what is long is packed. */
  public Uni<Void> append(SqlConnection c, List<OutboxEvent> events) {
    return append(c, events, Collections.nCopies(events.size(), traceparent()));
  }

  /** As above for events of several requests: {@code traces} has the trace of each. */
  public Uni<Void> append(
      SqlConnection c, List<OutboxEvent> events, List<@Nullable String> traces) {
    if (events.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    List<OutboxRow> rows = rows(events, traces);
    signal.appended();
    return c.preparedQuery(INSERT_RAW)
        .execute(
            Tuple.tuple()
                .addArrayOfString(rows.stream().map(OutboxRow::topic).toArray(String[]::new))
                .addArrayOfString(rows.stream().map(OutboxRow::events).toArray(String[]::new))
                .addValue(rows.stream().map(OutboxRow::packed).toArray(Buffer[]::new))
                .addArrayOfInteger(rows.stream().map(OutboxRow::count).toArray(Integer[]::new)))
        .replaceWithVoid();
  }

  private List<OutboxRow> rows(List<OutboxEvent> events, List<@Nullable String> traces) {
    return OutboxRow.of(json, events, traces);
  }

  /** The W3C form of the current span, null outside a trace. */
  public static @Nullable String traceparent() {
    SpanContext span = Span.current().getSpanContext();
    return span.isValid()
        ? "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getTraceFlags().asHex()
        : null;
  }
}
