package dev.gpucloud.tenant.dispatches;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads the feed of all tenants for the webhooks that want events, and leaves them to be sent in
 * the form that the event stream has. An event that stands in the feed twice is sent once.
 */
@ApplicationScoped
class EventDispatches {
  private static final Logger LOG = Logger.getLogger(EventDispatches.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** The attributes of an event, in the order of the event stream. */
  private static final List<String> ATTRIBUTES =
      List.of("specversion", "id", "source", "type", "subject", "time", "tenantid");

  /** Of a webhook that was made later the feed may still be read for the first time. */
  private static final String WRITE =
      """
      insert into notification_dispatch (dispatch_id, tenant_id, channel, addressee, recipient,
        webhook_id, event_id, event_type, event_at, event)
      select uuidv7(), w.tenant_id, 'WEBHOOK', 'WEBHOOK', cast(w.webhook_id as text), w.webhook_id,
        e.id, e.type, e.at, e.event
      from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[],
          $6::timestamptz[], $7::text[]) as e (tenant, id, type, family, at, written, event)
      join webhook w on w.tenant_id = e.tenant and w.state = 'ACTIVE' and w.created_at <= e.written
        and w.events && array[e.type, e.family]
      join tenant t on t.tenant_id = w.tenant_id and t.state <> 'CLOSED'
      on conflict do nothing""";

  private final Transactions transactions;
  private final ObjectMapper json;

  EventDispatches(Transactions transactions, ObjectMapper json) {
    this.transactions = transactions;
    this.json = json;
  }

  private record Told(
      TenantId tenant, String id, String type, Instant at, Instant written, String event) {}

  @Incoming("webhook-events")
  Uni<Void> on(ConsumerRecords<String, byte[]> batch) {
    List<Told> told = new ArrayList<>();
    batch.forEach(record -> read(record).ifPresent(told::add));
    return told.isEmpty()
        ? Uni.createFrom().voidItem()
        : write(told)
            .onFailure()
            .invoke(failure -> LOG.warnf("events wait for webhooks: %s", failure.toString()))
            .onFailure()
            .retry()
            .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
            .indefinitely();
  }

  /** Empty when it is no event that a tenant may hear. */
  private Optional<Told> read(ConsumerRecord<String, byte[]> record) {
    String type = header(record, "type");
    if (type == null || !EventTypes.OF_TENANTS.contains(type)) {
      return Optional.empty();
    }
    try {
      ObjectNode event = json.createObjectNode();
      ATTRIBUTES.forEach(name -> event.put(name, header(record, name)));
      event.put("datacontenttype", "application/json");
      event.set("data", json.readTree(record.value()));
      return Optional.of(
          new Told(
              TenantId.parse(event.path("tenantid").asText()),
              event.required("id").asText(),
              type,
              Instant.parse(event.path("time").asText()),
              Instant.ofEpochMilli(record.timestamp()),
              json.writeValueAsString(event)));
    } catch (IOException | RuntimeException notOurs) {
      LOG.warnf("record %d of the feed is no event: %s", record.offset(), notOurs.toString());
      return Optional.empty();
    }
  }

  private Uni<Void> write(List<Told> told) {
    Tuple columns =
        Tuple.tuple()
            .addArrayOfUUID(told.stream().map(e -> e.tenant().value()).toArray(UUID[]::new))
            .addArrayOfString(told.stream().map(Told::id).toArray(String[]::new))
            .addArrayOfString(told.stream().map(Told::type).toArray(String[]::new))
            .addArrayOfString(
                told.stream().map(e -> EventTypes.family(e.type())).toArray(String[]::new))
            .addArrayOfOffsetDateTime(
                told.stream().map(e -> utc(e.at())).toArray(OffsetDateTime[]::new))
            .addArrayOfOffsetDateTime(
                told.stream().map(e -> utc(e.written())).toArray(OffsetDateTime[]::new))
            .addArrayOfString(told.stream().map(Told::event).toArray(String[]::new));
    return transactions.systemSql(c -> c.preparedQuery(WRITE).execute(columns).replaceWithVoid());
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  private static @Nullable String header(ConsumerRecord<String, byte[]> record, String name) {
    Header header = record.headers().lastHeader("ce_" + name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }
}
