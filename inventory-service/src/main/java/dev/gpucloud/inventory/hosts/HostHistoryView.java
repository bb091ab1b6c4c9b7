package dev.gpucloud.inventory.hosts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One move of a host: from where to where, when (business time), by whom and why. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HostHistoryView(
    long sequence,
    @Nullable String from,
    String to,
    @Nullable String reason,
    String actor,
    Instant at) {

  static HostHistoryView of(HostHistoryEntity h) {
    return new HostHistoryView(h.sequence, h.fromState, h.toState, h.reason, h.actor, h.at);
  }
}
