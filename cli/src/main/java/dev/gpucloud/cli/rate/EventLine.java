package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event of an instance as its line says it, before what it leaves out is filled in. {@code
 * receivedAt} is null where the line does not say when it arrived; {@code arrivedAt} then is its
 * own time.
 */
record EventLine(
    int number,
    String source,
    String id,
    String type,
    String instance,
    long sequence,
    Instant at,
    @Nullable Instant receivedAt,
    Instant arrivedAt,
    ObjectNode data) {

  /** What is known for ever as one event. */
  record Identity(String source, String id) {}

  String where() {
    return "line " + number;
  }

  Identity identity() {
    return new Identity(source, id);
  }

  String run() {
    return said("runId");
  }

  /** A text of the data, empty where the line does not say it. */
  String said(String field) {
    return data.path(field).asText("").strip();
  }

  EventLine notBefore(Instant arrival) {
    return arrivedAt.isBefore(arrival)
        ? new EventLine(number, source, id, type, instance, sequence, at, receivedAt, arrival, data)
        : this;
  }

  /**
   * When it arrived, as seen at an instant: what is in the file without a time of arrival is here.
   */
  Instant arrival(@Nullable Instant now) {
    return receivedAt == null && now != null && arrivedAt.isAfter(now) ? now : arrivedAt;
  }
}
