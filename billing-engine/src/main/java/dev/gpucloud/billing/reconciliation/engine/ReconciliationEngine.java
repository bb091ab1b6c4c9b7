package dev.gpucloud.billing.reconciliation.engine;

import dev.gpucloud.billing.reconciliation.engine.Difference.Kind;
import dev.gpucloud.billing.reconciliation.engine.RunWitness.Billed;
import dev.gpucloud.billing.reconciliation.engine.RunWitness.Stretch;
import dev.gpucloud.billing.reconciliation.engine.RunWitness.Uncharged;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Counts a run by each party and says where they disagree. */
public final class ReconciliationEngine {
  private final Duration tolerance;

  /**
   * @param tolerance how far an agent's last word may lie from the stop: agents report from time to
   *     time
   */
  public ReconciliationEngine(Duration tolerance) {
    this.tolerance = tolerance;
  }

  /** The run's time in the window. */
  public RunAccount count(RunWitness w, Window window) {
    Life life = w.life();
    long provisioning = window.millis(life.orderedAt(), provisioned(w));
    long running = window.millis(life.startedAt(), runEnd(w));
    long releasing =
        window.millis(
            life.stoppedAt(), Objects.requireNonNullElse(life.releasedAt(), w.seenUntil()));
    long metered = sum(w.metered(), window);
    Billed billed = w.billed();
    long off = billed == null ? 0 : sum(billed.writtenOff(), window);
    Long charged = charged(billed, window, off);
    return new RunAccount(
        w.run(),
        w.instance(),
        w.instanceName(),
        provisioning + running + releasing,
        provisioning,
        running,
        releasing,
        metered,
        charged,
        off,
        takenBack(billed, window, metered - (charged == null ? 0 : charged) - off),
        padding(billed, window),
        agent(w, window));
  }

  private static Instant provisioned(RunWitness w) {
    Life life = w.life();
    if (life.startedAt() != null) {
      return life.startedAt();
    }
    if (life.stoppedAt() != null) {
      return life.stoppedAt();
    }
    return Objects.requireNonNullElse(life.releasedAt(), w.seenUntil());
  }

  private static Instant runEnd(RunWitness w) {
    return Objects.requireNonNullElse(w.life().stoppedAt(), w.runsUntil());
  }

  private static long sum(List<Stretch> stretches, Window window) {
    return stretches.stream().mapToLong(s -> window.millis(s.start(), s.end())).sum();
  }

  private static long sum(Uncharged change, Window window) {
    return sum(change.in(), window) - sum(change.out(), window);
  }

  private static @Nullable Long charged(@Nullable Billed billed, Window window, long off) {
    return billed == null
        ? null
        : sum(billed.stretches(), window) - off - sum(billed.takenBack(), window);
  }

  /** Once the own invoice is taken back, whatever came late is charged no more. */
  private static long takenBack(@Nullable Billed billed, Window window, long rest) {
    if (billed == null) {
      return 0;
    }
    return billed.isTakenBack() ? rest : sum(billed.takenBack(), window);
  }

  private static long padding(@Nullable Billed billed, Window window) {
    return billed == null
        ? 0
        : padding(billed.stretches(), window)
            - padding(billed.writtenOff(), window)
            - padding(billed.takenBack(), window);
  }

  private static long padding(Uncharged change, Window window) {
    return padding(change.in(), window) - padding(change.out(), window);
  }

  private static long padding(List<Stretch> stretches, Window window) {
    return stretches.stream()
        .filter(s -> window.holdsLastInstantOf(s.end()))
        .mapToLong(Stretch::paddingMillis)
        .sum();
  }

  private static @Nullable Long agent(RunWitness w, Window window) {
    Instant alive = w.aliveThrough();
    return alive == null ? null : window.millis(w.life().startedAt(), alive);
  }

  /** Where the parties disagree about the run in the window. */
  public List<Difference> differences(RunWitness w, Window window) {
    RunAccount account = count(w, window);
    var found = new ArrayList<Difference>();
    add(found, w, Kind.METERED_UNLIKE_INVENTORY, account.meteredMillis() - account.runningMillis());
    if (account.billedMillis() != null) {
      long settled =
          account.billedMillis() + account.writtenOffMillis() + account.takenBackMillis();
      add(found, w, Kind.BILLED_UNLIKE_METERED, settled - account.meteredMillis());
    }
    Instant stopped = w.life().stoppedAt();
    Instant alive = w.aliveThrough();
    if (stopped != null && alive != null && window.holdsLastInstantOf(stopped)) {
      long apart = Duration.between(stopped, alive).toMillis();
      if (Math.abs(apart) > tolerance.toMillis()) {
        add(found, w, apart < 0 ? Kind.AGENT_ENDS_EARLIER : Kind.AGENT_ENDS_LATER, apart);
      }
    }
    return List.copyOf(found);
  }

  private static void add(List<Difference> found, RunWitness w, Kind kind, long millis) {
    if (millis != 0) {
      found.add(new Difference(kind, w.run(), w.instance(), millis));
    }
  }
}
