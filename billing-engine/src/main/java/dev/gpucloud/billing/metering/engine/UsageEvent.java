package dev.gpucloud.billing.metering.engine;

import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event of an instance as it arrived. {@code payload} is what an event with the same source and
 * id must have too; {@code run}, {@code scope} and {@code shape} are null where it is not metered.
 */
public record UsageEvent(
    String source,
    String id,
    Object payload,
    InstanceId instance,
    String instanceName,
    long sequence,
    Kind kind,
    Instant at,
    Instant arrivedAt,
    @Nullable RunId run,
    @Nullable Scope scope,
    @Nullable Shape shape) {

  /** What an event means for metering. */
  public enum Kind {
    STARTED,
    MOVED,
    RESIZED,
    STOPPED,
    /** Its host is dead: it ended at its last sign of life, until a true stop says otherwise. */
    LOST,
    /** Nothing; it has its place in the sequence. */
    OTHER
  }
}
