package dev.gpucloud.agent.engine;

import dev.gpucloud.contracts.event.OrderFact;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An order as it came in: what must be true, since when in business time, and the envelope's
 * context that reports carry on.
 */
public record Order(
    OrderFact fact, Instant issuedAt, @Nullable String tenantId, @Nullable String traceparent) {

  /** Whether the run shall be there; otherwise it shall be gone. */
  public boolean wantsRunning() {
    return fact.desired().equals(OrderFact.RUNNING);
  }
}
