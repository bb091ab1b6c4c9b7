package dev.gpucloud.agent.kafka;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.agent.engine.Order;
import dev.gpucloud.agent.engine.Slots;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.HostOrderFact;
import dev.gpucloud.contracts.event.OrderFact;
import dev.gpucloud.contracts.event.VolumeOrderFact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Reads orders from Kafka records and says why when it cannot. */
final class OrderReader {
  private static final Set<String> TYPES =
      Set.of(EventTypes.ORDER_ISSUED, EventTypes.HOST_ORDERED, EventTypes.VOLUME_ORDERED);

  private final ObjectMapper json;

  OrderReader(ObjectMapper json) {
    this.json = json;
  }

  /** A record is an order, or the reason why it is none. */
  sealed interface Reading {
    record Readable(Order order) implements Reading {}

    record ReadableHost(HostOrderFact order) implements Reading {}

    record ReadableVolume(VolumeOrderFact order) implements Reading {}

    record Unreadable(String reason) implements Reading {}
  }

  Reading read(ConsumerRecord<String, byte[]> message) {
    String type = header(message, CloudEvent.TYPE);
    if (type == null || !TYPES.contains(type)) {
      return new Reading.Unreadable("UNKNOWN_TYPE");
    }
    if (message.value() == null) {
      return new Reading.Unreadable("NO_DATA");
    }
    try {
      return switch (type) {
        case EventTypes.HOST_ORDERED ->
            checked(message, json.readValue(message.value(), HostOrderFact.class));
        case EventTypes.VOLUME_ORDERED ->
            checked(message, json.readValue(message.value(), VolumeOrderFact.class));
        default -> checked(message, json.readValue(message.value(), OrderFact.class));
      };
    } catch (IOException e) {
      return new Reading.Unreadable("MALFORMED");
    }
  }

  private static Reading checked(ConsumerRecord<String, byte[]> message, HostOrderFact fact) {
    if (anyNull(fact.site(), fact.hostId(), fact.serial(), fact.model(), fact.desired())) {
      return new Reading.Unreadable("MISSING_FIELD");
    }
    if (!fact.hostId().toString().equals(message.key())) {
      return new Reading.Unreadable("KEY_MISMATCH");
    }
    if (!fact.desired().equals(HostOrderFact.SEEN)
        && !fact.desired().equals(HostOrderFact.BURNED_IN)) {
      return new Reading.Unreadable("UNKNOWN_DESIRED");
    }
    return new Reading.ReadableHost(fact);
  }

  private static Reading checked(ConsumerRecord<String, byte[]> message, VolumeOrderFact fact) {
    if (anyNull(fact.site(), fact.volumeId(), fact.desired(), fact.issuedAt())) {
      return new Reading.Unreadable("MISSING_FIELD");
    }
    if (!fact.volumeId().toString().equals(message.key())) {
      return new Reading.Unreadable("KEY_MISMATCH");
    }
    if (!fact.desired().equals(VolumeOrderFact.ABSENT)) {
      return new Reading.Unreadable("UNKNOWN_DESIRED");
    }
    return new Reading.ReadableVolume(fact);
  }

  private static Reading checked(ConsumerRecord<String, byte[]> message, OrderFact fact) {
    if (anyNull(fact.hostId(), fact.instanceId(), fact.runId(), fact.desired(), fact.slots())) {
      return new Reading.Unreadable("MISSING_FIELD");
    }
    if (!fact.hostId().toString().equals(message.key())) {
      return new Reading.Unreadable("KEY_MISMATCH");
    }
    if (!fact.desired().equals(OrderFact.RUNNING) && !fact.desired().equals(OrderFact.ABSENT)) {
      return new Reading.Unreadable("UNKNOWN_DESIRED");
    }
    try {
      Slots.parse(fact.slots());
      return new Reading.Readable(
          new Order(
              fact,
              issuedAt(message, fact),
              header(message, CloudEvent.TENANT_ID),
              header(message, CloudEvent.TRACE_PARENT)));
    } catch (NumberFormatException e) {
      return new Reading.Unreadable("INVALID_SLOTS");
    } catch (DateTimeException e) {
      return new Reading.Unreadable("INVALID_TIME");
    }
  }

  private static Instant issuedAt(ConsumerRecord<String, byte[]> message, OrderFact fact) {
    Instant stated = fact.issuedAt();
    if (stated != null) {
      return stated;
    }
    String time = header(message, CloudEvent.TIME);
    if (time == null) {
      throw new DateTimeException("an order needs issuedAt or ce_time");
    }
    return Instant.parse(time);
  }

  private static boolean anyNull(@Nullable Object... values) {
    for (Object value : values) {
      if (value == null) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String header(ConsumerRecord<String, byte[]> message, String name) {
    Header header = message.headers().lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
