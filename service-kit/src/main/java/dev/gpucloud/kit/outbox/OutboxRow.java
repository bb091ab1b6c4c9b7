package dev.gpucloud.kit.outbox;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction tells one topic, in order, as it stands in the outbox.
 *
 * @param topic without the installation's prefix
 * @param json a JSON array of {@link Entry} in UTF-8
 * @param count how many events it has
 */
record OutboxRow(String topic, byte[] json, int count) {
  /** From this size on a row is packed: shorter, it is little to write and can be read as it is. */
  private static final int PACKED_FROM_BYTES = 4096;

  /**
   * One event of a row.
   *
   * @param time as it is sent, ISO 8601 in UTC
   * @param data as it is sent, character by character
   */
  record Entry(
      UUID id,
      String key,
      String type,
      String subject,
      @Nullable UUID tenant,
      long sequence,
      String time,
      @Nullable String traceparent,
      @JsonDeserialize(using = AsWritten.class) String data) {}

  /** An {@link Entry} on its way into a row, written as JSON in one go. */
  private record NewEntry(
      UUID id,
      String key,
      String type,
      String subject,
      @Nullable UUID tenant,
      long sequence,
      String time,
      @Nullable String traceparent,
      Object data) {}

  /** The characters of a value in the text that is read; those inside the quotes of a string. */
  static final class AsWritten extends JsonDeserializer<String> {
    @Override
    public String deserialize(JsonParser p, DeserializationContext context) throws IOException {
      if (p.hasToken(JsonToken.VALUE_STRING)) {
        return p.getText(); // as versions before this one wrote it
      }
      int from = Math.toIntExact(p.currentTokenLocation().getCharOffset());
      p.skipChildren();
      int to = Math.toIntExact(p.currentLocation().getCharOffset());
      return ((String) context.getAttribute(AsWritten.class)).substring(from, to);
    }
  }

  /** A row for each topic, in the order in which the topics are first named. */
  static List<OutboxRow> of(
      ObjectMapper json, List<OutboxEvent> events, List<@Nullable String> traces) {
    Map<String, List<NewEntry>> byTopic = new LinkedHashMap<>();
    for (int n = 0; n < events.size(); n++) {
      OutboxEvent event = events.get(n);
      byTopic
          .computeIfAbsent(event.topic(), topic -> new ArrayList<>())
          .add(entry(event, traces.get(n)));
    }
    return byTopic.entrySet().stream()
        .map(
            each ->
                new OutboxRow(each.getKey(), write(json, each.getValue()), each.getValue().size()))
        .toList();
  }

  private static NewEntry entry(OutboxEvent event, @Nullable String trace) {
    return new NewEntry(
        event.id(),
        event.key(),
        event.type(),
        event.subject(),
        event.tenant() == null ? null : event.tenant().value(),
        event.sequence(),
        DateTimeFormatter.ISO_INSTANT.format(event.time()),
        trace,
        event.data());
  }

  private static byte[] write(ObjectMapper json, Object value) {
    try {
      return json.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("an event cannot be written as JSON", e);
    }
  }

  boolean isPacked() {
    return json.length >= PACKED_FROM_BYTES;
  }

  /** As text, whatever its size. */
  String text() {
    return new String(json, StandardCharsets.UTF_8);
  }

  /** As text; null when it is packed. */
  @Nullable String events() {
    return isPacked() ? null : text();
  }

  /** Packed; null when it is text. */
  @Nullable Buffer packed() {
    return isPacked() ? Buffer.buffer(Packed.pack(json)) : null;
  }

  /** The events of a row that was read. */
  static List<Entry> entries(ObjectReader listOfEntries, String events) {
    try {
      return listOfEntries.withAttribute(AsWritten.class, events).readValue(events);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row of the outbox is not readable", e);
    }
  }
}
