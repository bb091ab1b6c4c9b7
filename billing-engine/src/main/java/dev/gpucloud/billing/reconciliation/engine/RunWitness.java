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
   * @param writtenOff what late usage that is written off changed of them
   * @param takenBack what invoices changed of them that a note took back as a whole
   * @param isTakenBack whether the month's own invoice is one of these: what no other charges is
   *     not charged
   */
  public record Billed(
      List<Stretch> stretches, Uncharged writtenOff, Uncharged takenBack, boolean isTakenBack) {
    public Billed {
      stretches = List.copyOf(stretches);
    }

    /** Stretches that are all charged. */
    public static Billed of(List<Stretch> stretches) {
      return new Billed(stretches, Uncharged.NOTHING, Uncharged.NOTHING, false);
    }
  }

  /**
   * A change of what is settled that nobody is charged for: what it put in is not billed, what it
   * took out stays billed.
   */
  public record Uncharged(List<Stretch> in, List<Stretch> out) {
    public static final Uncharged NOTHING = new Uncharged(List.of(), List.of());

    public Uncharged {
      in = List.copyOf(in);
      out = List.copyOf(out);
    }
  }

  /** A stretch of use; what rounding and the minimum add to the run stands at its last one. */
  public record Stretch(Instant start, Instant end, long paddingMillis) {}
}
