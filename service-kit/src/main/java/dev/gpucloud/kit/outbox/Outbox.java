package dev.gpucloud.kit.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.kit.tx.Sql;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Appends events in the transaction of the change they tell of: both commit or neither does. The
 * current trace travels along, so that a request can be followed through Kafka.
 */
@ApplicationScoped
public class Outbox {
  private static final String INSERT =
      """
      insert into outbox (id, topic, key, type, subject, tenant_id, sequence, time, traceparent, data)
      values (?1, ?2, ?3, ?4, ?5, cast(cast(?6 as text) as uuid), ?7, ?8,
              cast(?9 as text), cast(cast(?10 as text) as json))""";
  private static final String INSERT_RAW =
      """
      insert into outbox (id, topic, key, type, subject, tenant_id, sequence, time, traceparent, data)
      select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[],
                           $7::bigint[], $8::timestamptz[], $9::text[], $10::text[]::json[])""";

  private final ObjectMapper json;
  private final RelaySignal signal;

  Outbox(ObjectMapper json, RelaySignal signal) {
    this.json = json;
    this.signal = signal;
  }

  /** Appends in the session's transaction, in the order given. */
  public Uni<Void> append(Mutiny.Session s, OutboxEvent... events) {
    Uni<Void> done = Uni.createFrom().voidItem();
    String trace = traceparent();
    for (OutboxEvent e : events) {
      done = done.chain(() -> insert(s, e, trace));
    }
    signal.appended();
    return done;
  }

  private Uni<Void> insert(Mutiny.Session s, OutboxEvent e, @Nullable String trace) {
    return Sql.update(
            s,
            INSERT,
            e.id(),
            e.topic(),
            e.key(),
            e.type(),
            e.subject(),
            e.tenant() == null ? null : e.tenant().value().toString(),
            e.sequence(),
            e.time().atOffset(ZoneOffset.UTC),
            trace,
            write(e.data()))
        .replaceWithVoid();
  }

  /** Appends many events with one statement, in the order given. */
  public Uni<Void> append(SqlConnection c, List<OutboxEvent> events) {
    return append(c, events, Collections.nCopies(events.size(), traceparent()));
  }

  /** As above for events of several requests: {@code traces} has the trace of each. */
  public Uni<Void> append(
      SqlConnection c, List<OutboxEvent> events, List<@Nullable String> traces) {
    if (events.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    signal.appended();
    return c.preparedQuery(INSERT_RAW).execute(columns(events, traces)).replaceWithVoid();
  }

  private Tuple columns(List<OutboxEvent> events, List<@Nullable String> trace) {
    int n = events.size();
    var id = new UUID[n];
    var topic = new String[n];
    var key = new String[n];
    var type = new String[n];
    var subject = new String[n];
    var tenant = new UUID[n];
    var sequence = new Long[n];
    var time = new java.time.OffsetDateTime[n];
    var traces = new String[n];
    var data = new String[n];
    for (int i = 0; i < n; i++) {
      OutboxEvent e = events.get(i);
      id[i] = e.id();
      topic[i] = e.topic();
      key[i] = e.key();
      type[i] = e.type();
      subject[i] = e.subject();
      tenant[i] = e.tenant() == null ? null : e.tenant().value();
      sequence[i] = e.sequence();
      time[i] = e.time().atOffset(ZoneOffset.UTC);
      traces[i] = trace.get(i);
      data[i] = write(e.data());
    }
    return Tuple.tuple()
        .addArrayOfUUID(id)
        .addArrayOfString(topic)
        .addArrayOfString(key)
        .addArrayOfString(type)
        .addArrayOfString(subject)
        .addArrayOfUUID(tenant)
        .addArrayOfLong(sequence)
        .addArrayOfOffsetDateTime(time)
        .addArrayOfString(traces)
        .addArrayOfString(data);
  }

  private String write(Object data) {
    try {
      return json.writeValueAsString(data);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("event data cannot be written as JSON", e);
    }
  }

  /** The W3C form of the current span, null outside a trace. */
  public static @Nullable String traceparent() {
    SpanContext span = Span.current().getSpanContext();
    return span.isValid()
        ? "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getTraceFlags().asHex()
        : null;
  }
}
