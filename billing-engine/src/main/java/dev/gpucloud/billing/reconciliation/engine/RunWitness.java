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
 * @param billed what is settled: the rated stretches of the month's invoice as late usage changed
 *     them since; null while there is none
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
    @Nullable Billed billed,
    @Nullable Instant aliveThrough,
    Instant runsUntil,
    Instant seenUntil) {
  public RunWitness {
    metered = List.copyOf(metered);
  }

  /**
   * What is settled of a run.
   *
   * @param stretches of the invoice, and of what corrected it
   * @param writtenOff of those, what was put in by late usage that is written off
   * @param charged what stays charged though late usage that is written off took it out
   * @param isTakenBack whether a note took back the whole invoice, so that none of it is charged
   */
  public record Billed(
      List<Stretch> stretches,
      List<Stretch> writtenOff,
      List<Stretch> charged,
      boolean isTakenBack) {
    public Billed {
      stretches = List.copyOf(stretches);
      writtenOff = List.copyOf(writtenOff);
      charged = List.copyOf(charged);
    }

    /** Stretches that are all charged. */
    public static Billed of(List<Stretch> stretches) {
      return new Billed(stretches, List.of(), List.of(), false);
    }
  }

  /** A stretch of use; what rounding and the minimum add to the run stands at its last one. */
  public record Stretch(Instant start, Instant end, long paddingMillis) {}
}
