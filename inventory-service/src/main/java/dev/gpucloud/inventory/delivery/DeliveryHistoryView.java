package dev.gpucloud.inventory.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** One step of a delivery: what happened, why, by whom, and when it was due then. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeliveryHistoryView(
    long version,
    String event,
    String state,
    LocalDate due,
    @Nullable String reason,
    String actor,
    Instant at) {

  static DeliveryHistoryView of(DeliveryHistoryEntity h) {
    return new DeliveryHistoryView(h.version, h.event, h.state, h.due, h.reason, h.actor, h.at);
  }
}
