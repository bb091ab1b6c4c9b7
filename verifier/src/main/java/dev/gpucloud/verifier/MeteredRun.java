package dev.gpucloud.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One run as its exported events tell it: what it was from which millisecond on, and when it ended.
 * Times are milliseconds since 1970.
 */
final class MeteredRun {
  static final long MINIMUM_MILLIS = 60_000;

  final String runId;
  final String instanceId;

  /** From when on the run was what the event's data says, ascending. */
  final List<Change> changes = new ArrayList<>();

  /** When it ended, or null while it goes on. */
  Long endMillis;

  /** Until when it was seen alive, or null where nobody says. */
  Long aliveMillis;

  record Change(long atMillis, JsonNode data) {}

  private MeteredRun(String runId, String instanceId) {
    this.runId = runId;
    this.instanceId = instanceId;
  }

  /** Reads the run from its events by sequence; null when its start is not among them. */
  static MeteredRun read(String runId, TreeMap<Long, JsonNode> eventBySequence) {
    MeteredRun run = null;
    for (Map.Entry<Long, JsonNode> entry : eventBySequence.entrySet()) {
      JsonNode event = entry.getValue();
      JsonNode data = event.required("data");
      long at = Instant.parse(data.required("at").asText()).toEpochMilli();
      switch (event.required("type").asText()) {
        case "instance.started" -> {
          if (run == null) {
            run = new MeteredRun(runId, data.required("instanceId").asText());
          }
          run.change(at, data);
        }
        case "instance.moved", "instance.resized" -> {
          if (run != null) {
            run.change(at, data);
          }
        }
        case "instance.stopped" -> {
          if (run != null) {
            run.endMillis = Math.max(at, run.startMillis());
          }
        }
        default -> {
          // other events of an instance are not metered
        }
      }
    }
    return run;
  }

  /**
   * Ends it a minute after it was last seen alive, if it goes on and there is no proof of it up to
   * an instant.
   */
  void endWithoutProof(long lastSeenMillis, long untilMillis) {
    long last = aliveMillis == null ? lastSeenMillis : Math.max(aliveMillis, lastSeenMillis);
    if (endMillis == null && last < untilMillis) {
      endMillis = Math.max(last + MINIMUM_MILLIS, startMillis());
    }
  }

  private void change(long atMillis, JsonNode data) {
    long notBefore = changes.isEmpty() ? atMillis : changes.getLast().atMillis();
    changes.add(new Change(Math.max(atMillis, notBefore), data));
  }

  long startMillis() {
    return changes.getFirst().atMillis();
  }

  /** What the run was at that millisecond. */
  JsonNode stateAt(long atMillis) {
    JsonNode state = changes.getFirst().data();
    for (Change change : changes) {
      if (change.atMillis() <= atMillis) {
        state = change.data();
      }
    }
    return state;
  }

  /** What rounding up to whole seconds and the minimum of a minute add. */
  long paddingMillis() {
    long length = endMillis - startMillis();
    long rounded = length % 1000 == 0 ? length : length - length % 1000 + 1000;
    return Math.max(rounded, MINIMUM_MILLIS) - length;
  }
}
