package dev.gpucloud.inventory.provisioning;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One step of an instance's life: what happened, why, by whom. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HistoryView(
    long sequence,
    String type,
    String state,
    @Nullable String reason,
    @Nullable RunId runId,
    String actor,
    Instant at) {

  static HistoryView of(HistoryEntity h) {
    return new HistoryView(
        h.sequence,
        h.eventType,
        h.state,
        h.reason,
        h.runId == null ? null : new RunId(h.runId),
        h.actor,
        h.at);
  }
}
