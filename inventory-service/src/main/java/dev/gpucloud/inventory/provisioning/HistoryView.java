package dev.gpucloud.inventory.provisioning;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.id.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step of an instance's life: what happened, why, by whom. {@code scrubbed} is there where GPUs
 * came back: they never do without their agent's proof that their memory is scrubbed.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HistoryView(
    long sequence,
    String type,
    String state,
    @Nullable String reason,
    @Nullable RunId runId,
    @Nullable Boolean scrubbed,
    String actor,
    Instant at) {

  static HistoryView of(HistoryEntity h) {
    return new HistoryView(
        h.sequence,
        h.eventType,
        h.state,
        h.reason,
        h.runId == null ? null : new RunId(h.runId),
        h.eventType.equals(EventTypes.INSTANCE_RELEASED) ? true : null,
        h.actor,
        h.at);
  }
}
