package dev.gpucloud.agent.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** An event in CloudEvents 1.0 binary mode, ready for Kafka. */
record CloudEvent(
    String id,
    String source,
    String type,
    String subject,
    Instant time,
    long sequence,
    @Nullable String tenantId,
    @Nullable String traceparent) {
  static final String TYPE = "ce_type";
  static final String TIME = "ce_time";
  static final String TENANT_ID = "ce_tenantid";
  static final String TRACE_PARENT = "traceparent";

  ProducerRecord<String, byte[]> toRecord(String topic, String key, byte[] data) {
    var message = new ProducerRecord<>(topic, key, data);
    Headers headers = message.headers();
    add(headers, "ce_specversion", "1.0");
    add(headers, "ce_id", id);
    add(headers, "ce_source", source);
    add(headers, TYPE, type);
    add(headers, "ce_subject", subject);
    add(headers, TIME, time.toString());
    add(headers, "ce_sequence", Long.toString(sequence));
    add(headers, TENANT_ID, tenantId);
    add(headers, TRACE_PARENT, traceparent);
    add(headers, "content-type", "application/json");
    return message;
  }

  private static void add(Headers headers, String name, @Nullable String value) {
    if (value != null) {
      headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
  }
}
