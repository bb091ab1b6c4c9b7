package dev.gpucloud.gateway.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record of the feed: a CloudEvent of a tenant, ready to be sent in its JSON form. */
record FeedEvent(
    int partition,
    long offset,
    String type,
    String tenant,
    @Nullable String project,
    JsonNode data,
    String text) {

  /** Empty when the record is no event that anybody could hear. */
  static Optional<FeedEvent> read(ConsumerRecord<String, byte[]> record, ObjectMapper json) {
    @Nullable String type = header(record, "ce_type");
    @Nullable String tenant = header(record, "ce_tenantid");
    if (type == null || tenant == null || type.indexOf('\n') >= 0) {
      return Optional.empty();
    }
    try {
      JsonNode data = json.readTree(record.value());
      ObjectNode event = json.createObjectNode();
      for (String name :
          new String[] {"specversion", "id", "source", "type", "subject", "time", "tenantid"}) {
        event.put(name, header(record, "ce_" + name));
      }
      event.put("datacontenttype", "application/json");
      event.set("data", data);
      return Optional.of(
          new FeedEvent(
              record.partition(),
              record.offset(),
              type,
              tenant,
              data.path("projectId").asText(null),
              data,
              json.writeValueAsString(event)));
    } catch (IOException | IllegalArgumentException notJson) {
      return Optional.empty();
    }
  }

  private static @Nullable String header(ConsumerRecord<String, byte[]> record, String name) {
    @Nullable Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }
}
