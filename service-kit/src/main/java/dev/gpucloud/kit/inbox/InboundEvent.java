package dev.gpucloud.kit.inbox;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.gpucloud.contracts.id.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvent as it came from Kafka in binary mode.
 *
 * @param data JSON as it was sent
 */
public record InboundEvent(
    String id,
    String source,
    String type,
    String subject,
    @Nullable TenantId tenant,
    long sequence,
    Instant time,
    String topic,
    String key,
    @JsonRawValue @JsonDeserialize(using = TextOfTree.class) String data) {

  /** Reads what was written as JSON within JSON. */
  static final class TextOfTree extends JsonDeserializer<String> {
    @Override
    public String deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return context.readTree(parser).toString();
    }
  }

  /**
   * Reads headers and value.
   *
   * @param prefix the installation's topic prefix, cut off the topic
   * @throws PoisonEventException when the record is not a CloudEvent of ours
   */
  static InboundEvent read(ConsumerRecord<String, byte[]> r, String prefix, ObjectMapper json) {
    try {
      String tenant = optional(r, "ce_tenantid");
      requireJson(r.value(), json);
      return new InboundEvent(
          required(r, "ce_id"),
          required(r, "ce_source"),
          required(r, "ce_type"),
          required(r, "ce_subject"),
          tenant == null ? null : TenantId.parse(tenant),
          Long.parseLong(required(r, "ce_sequence")),
          Instant.parse(required(r, "ce_time")),
          r.topic().startsWith(prefix) ? r.topic().substring(prefix.length()) : r.topic(),
          r.key() == null ? "" : r.key(),
          new String(r.value(), StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException e) {
      throw new PoisonEventException("not a CloudEvent of ours: " + e.getMessage(), e);
    }
  }

  /**
   * The data as a fact record.
   *
   * @throws PoisonEventException when it does not fit
   */
  public <T> T dataAs(ObjectMapper json, Class<T> type) {
    try {
      return json.readValue(data, type);
    } catch (IOException | IllegalArgumentException e) {
      throw new PoisonEventException("data is no " + type.getSimpleName(), e);
    }
  }

  private static void requireJson(byte[] value, ObjectMapper json) throws IOException {
    try (JsonParser parser = json.createParser(value)) {
      if (parser.nextToken() == null) {
        throw new IllegalArgumentException("no data");
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("more than one JSON value");
      }
    }
  }

  private static String required(ConsumerRecord<String, byte[]> r, String name) {
    String value = optional(r, name);
    if (value == null) {
      throw new IllegalArgumentException("header " + name + " is missing");
    }
    return value;
  }

  private static @Nullable String optional(ConsumerRecord<String, byte[]> r, String name) {
    Header header = r.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }
}
