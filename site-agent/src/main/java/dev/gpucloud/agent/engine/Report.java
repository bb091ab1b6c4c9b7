package dev.gpucloud.agent.engine;

import dev.gpucloud.contracts.event.RunReport;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A report with the context of its order; the same truth has the same id, however often sent. */
public record Report(RunReport data, @Nullable String tenantId, @Nullable String traceparent) {

  /** Id of the event: a function of run, what was observed, the order's sequence, and the boot. */
  public UUID id() {
    String name = data.runId() + "|" + data.observed() + "|" + data.orderSequence();
    if (data.generation() > 0) {
      name += "|" + data.generation();
    }
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }
}
