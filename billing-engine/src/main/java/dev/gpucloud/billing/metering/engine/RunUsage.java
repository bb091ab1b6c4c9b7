package dev.gpucloud.billing.metering.engine;

import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run as usage: intervals that tile it from its start to its end without gap or overlap, and how
 * long it is billed for in all (rule R0).
 *
 * @param lastSeen the last sign of life that its end is estimated by; null where that is known, or
 *     it goes on
 */
public record RunUsage(
    RunId runId,
    InstanceId instanceId,
    String instanceName,
    List<UsageInterval> intervals,
    @Nullable Instant end,
    @Nullable Instant lastSeen) {

  /** The least a run is billed for. */
  public static final Duration MINIMUM = Duration.ofSeconds(60);

  /** A host that died is billed this much beyond its last heartbeat. */
  public static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(60);

  private static final long SECOND_MILLIS = 1000;

  public RunUsage {
    intervals = List.copyOf(intervals);
    if (intervals.isEmpty()) {
      throw new IllegalArgumentException("a run has at least one interval");
    }
  }

  /**
   * Tiles a run from what happened to it; the order in which the facts arrived, and facts that
   * arrived twice, make no difference. Empty until the start is known.
   *
   * <p>A stamp before the one that precedes it in sequence counts as that one: clocks of two
   * machines may disagree, time within a run may not run backwards. A later stop corrects an
   * earlier one. What happened before the start (a move while it booted) is in the start's own
   * scope and shape, and bills nothing.
   */
  public static Optional<RunUsage> tile(
      RunId runId, InstanceId instanceId, String instanceName, List<RunFact> facts) {
    List<RunFact> ordered =
        facts.stream().sorted(Comparator.comparingLong(RunFact::sequence)).distinct().toList();
    if (ordered.stream().noneMatch(f -> f.kind() == RunFact.Kind.STARTED)) {
      return Optional.empty();
    }
    Instant stop = null;
    var changes = new ArrayList<RunFact>();
    for (RunFact fact : ordered) {
      if (changes.isEmpty() && fact.kind() != RunFact.Kind.STARTED) {
        continue;
      }
      if (fact.kind() == RunFact.Kind.STOPPED) {
        stop = fact.at();
      } else {
        changes.add(fact);
      }
    }
    List<UsageInterval> intervals = intervals(changes, stop);
    return Optional.of(
        new RunUsage(runId, instanceId, instanceName, intervals, intervals.getLast().end(), null));
  }

  private static List<UsageInterval> intervals(List<RunFact> changes, @Nullable Instant stop) {
    var result = new ArrayList<UsageInterval>();
    Instant start = changes.getFirst().at();
    for (int i = 0; i < changes.size(); i++) {
      Instant next = i + 1 < changes.size() ? later(start, changes.get(i + 1).at()) : null;
      Instant end = next == null ? stop : stop == null ? next : earlier(next, stop);
      end = end == null ? null : later(start, end);
      RunFact fact = changes.get(i);
      boolean empty = end != null && end.equals(start);
      if (!empty || (result.isEmpty() && i == changes.size() - 1)) {
        result.add(new UsageInterval(start, end, fact.scope(), fact.shape()));
      }
      if (end != null) {
        start = end;
      }
    }
    if (result.isEmpty()) {
      RunFact last = changes.getLast();
      result.add(new UsageInterval(start, start, last.scope(), last.shape()));
    }
    return result;
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  /**
   * Where a run of a dead host is taken to have ended, until its true stop is known; to the
   * millisecond, as every stamp of a run.
   */
  public static Instant estimatedEnd(Instant lastHeartbeat) {
    return lastHeartbeat.truncatedTo(ChronoUnit.MILLIS).plus(HEARTBEAT_INTERVAL);
  }

  /** The same run, taken to have ended after its last sign of life because its host is dead. */
  public RunUsage lostAfter(Instant lastSign) {
    Instant estimate = estimatedEnd(lastSign);
    var cut = new ArrayList<UsageInterval>();
    for (UsageInterval i : intervals) {
      if (cut.isEmpty() || i.start().isBefore(estimate)) {
        Instant stop = i.end() == null ? estimate : earlier(i.end(), estimate);
        cut.add(new UsageInterval(i.start(), later(i.start(), stop), i.scope(), i.shape()));
      }
    }
    return new RunUsage(runId, instanceId, instanceName, cut, cut.getLast().end(), lastSign);
  }

  public boolean isEndEstimated() {
    return lastSeen != null;
  }

  public Instant start() {
    return intervals.getFirst().start();
  }

  /** True when the run was alive at some instant of {@code [from, to)}, or was empty within it. */
  public boolean touches(Instant from, Instant to) {
    if (!start().isBefore(to)) {
      return false;
    }
    return end == null || end.isAfter(from) || (end.equals(start()) && !start().isBefore(from));
  }

  /**
   * Milliseconds that rounding up to whole seconds and the minimum add to the run, once; zero while
   * it goes on.
   */
  public long paddingMillis() {
    if (end == null) {
      return 0;
    }
    long length = Duration.between(start(), end).toMillis();
    long wholeSeconds = Math.ceilDiv(length, SECOND_MILLIS) * SECOND_MILLIS;
    return Math.max(wholeSeconds, MINIMUM.toMillis()) - length;
  }
}
