package dev.gpucloud.billing.reconciliation.engine;

import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known of one run, by who knows it.
 *
 * @param metered the usage intervals; an open one ends at {@code runsUntil}
 * @param billed the rated stretches of the month's invoice; null while there is none
 * @param aliveThrough what the agent said last; null when it never did
 * @param runsUntil where a run that goes on is taken to end: now, the month's end, or its last sign
 *     of life
 * @param seenUntil where anything else that goes on is taken to end: now or the month's end
 */
public record RunWitness(
    RunId run,
    InstanceId instance,
    String instanceName,
    Life life,
    List<Stretch> metered,
    @Nullable List<Stretch> billed,
    @Nullable Instant aliveThrough,
    Instant runsUntil,
    Instant seenUntil) {
  public RunWitness {
    metered = List.copyOf(metered);
    billed = billed == null ? null : List.copyOf(billed);
  }

  /** A stretch of use; what rounding and the minimum add to the run stands at its last one. */
  public record Stretch(Instant start, Instant end, long paddingMillis) {}
}
