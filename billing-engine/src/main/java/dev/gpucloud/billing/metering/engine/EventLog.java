package dev.gpucloud.billing.metering.engine;

import dev.gpucloud.billing.metering.engine.UsageEvent.Kind;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Events turned into runs. The order in which events are given makes no difference, except that of
 * two with the same source and id and another payload the one that arrived first counts.
 */
public final class EventLog {
  /** How far ahead of the business clock an event may be; one further ahead is held. */
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  /**
   * Two events with missing ones between them; {@code since} is when the first of them was. With
   * {@code after} 0 an instance's first events are missing, and it is when the one after them was.
   */
  public record Gap(InstanceId instance, long after, long before, Instant since) {}

  /** A sequence of an instance that several events with ids of their own have. */
  public record Shared(InstanceId instance, long sequence, Instant since) {}

  /**
   * What the events come to. {@code duplicates} counts repeated ones, {@code quarantined} are those
   * with another payload under a known id, {@code aliveThrough} until when runs were seen alive. Of
   * a run in {@code unstarted}, of which each has its first event there, the start is missing: it
   * bills nothing. A stop in {@code early} is dated before the start of its run, which bills the
   * least.
   */
  public record Metered(
      List<RunUsage> runs,
      int duplicates,
      List<UsageEvent> quarantined,
      List<UsageEvent> held,
      List<Gap> gaps,
      List<Shared> shared,
      List<UsageEvent> unstarted,
      List<UsageEvent> early,
      Map<RunId, Instant> aliveThrough) {

    /**
     * The same where each of some runs that goes on, and was not seen alive through an instant, is
     * taken to have ended after its last sign of life.
     *
     * @param lastSeen of each of the runs, where nothing later is known
     */
    public Metered withoutProof(Map<RunId, Instant> lastSeen, Instant through) {
      return new Metered(
          runs.stream().map(run -> withoutProof(run, lastSeen.get(run.runId()), through)).toList(),
          duplicates,
          quarantined,
          held,
          gaps,
          shared,
          unstarted,
          early,
          aliveThrough);
    }

    private RunUsage withoutProof(RunUsage run, @Nullable Instant lastSeen, Instant through) {
      if (lastSeen == null || run.end() != null) {
        return run;
      }
      Instant alive = aliveThrough.getOrDefault(run.runId(), lastSeen);
      Instant last = alive.isAfter(lastSeen) ? alive : lastSeen;
      return last.isBefore(through) ? run.lostAfter(last) : run;
    }
  }

  private final List<UsageEvent> events = new ArrayList<>();
  private final Map<RunId, Instant> aliveThrough;
  private final int duplicates;
  private final List<UsageEvent> quarantined = new ArrayList<>();

  /** Total, so that no other order can matter. */
  private static final Comparator<UsageEvent> IN_SEQUENCE =
      Comparator.comparingLong(UsageEvent::sequence)
          .thenComparing(UsageEvent::at)
          .thenComparing(UsageEvent::source)
          .thenComparing(UsageEvent::id);

  private record Identity(String source, String id) {}

  /** Events, and until when runs were seen alive. */
  public EventLog(Collection<UsageEvent> arrived, Map<RunId, Instant> aliveThrough) {
    this.aliveThrough = Map.copyOf(aliveThrough);
    var known = new HashMap<Identity, UsageEvent>();
    int repeated = 0;
    for (UsageEvent event :
        arrived.stream().sorted(Comparator.comparing(UsageEvent::arrivedAt)).toList()) {
      UsageEvent first = known.putIfAbsent(new Identity(event.source(), event.id()), event);
      if (first == null) {
        events.add(event);
      } else if (first.payload().equals(event.payload())) {
        repeated++;
      } else {
        quarantined.add(event);
      }
    }
    duplicates = repeated;
  }

  /**
   * The runs as known from what had arrived by an instant; {@code businessNow} is the business
   * clock's, null when nothing is to be held.
   */
  public Metered metered(Instant arrivedBy, @Nullable Instant businessNow) {
    var held = new ArrayList<UsageEvent>();
    var counted = new ArrayList<UsageEvent>();
    for (UsageEvent event : events) {
      if (event.arrivedAt().isAfter(arrivedBy)) {
        continue;
      }
      boolean ahead = businessNow != null && event.at().isAfter(businessNow.plus(TOLERANCE));
      (ahead ? held : counted).add(event);
    }
    var byRun = new TreeMap<String, List<UsageEvent>>();
    for (UsageEvent event : counted) {
      if (event.run() != null) {
        byRun.computeIfAbsent(event.run().toString(), run -> new ArrayList<>()).add(event);
      }
    }
    var runs = new ArrayList<RunUsage>();
    var unstarted = new ArrayList<UsageEvent>();
    var early = new ArrayList<UsageEvent>();
    for (List<UsageEvent> of : byRun.values()) {
      of.sort(IN_SEQUENCE);
      if (of.stream().anyMatch(e -> e.kind() == Kind.STARTED)) {
        addRun(of, runs);
        earlyStop(of).ifPresent(early::add);
      } else {
        unstarted.add(of.getFirst());
      }
    }
    return new Metered(
        List.copyOf(runs),
        duplicates,
        quarantined.stream().filter(e -> !e.arrivedAt().isAfter(arrivedBy)).toList(),
        List.copyOf(held),
        gaps(counted),
        shared(counted),
        List.copyOf(unstarted),
        List.copyOf(early),
        aliveThrough);
  }

  private void addRun(List<UsageEvent> inOrder, List<RunUsage> runs) {
    List<RunFact> facts = inOrder.stream().map(EventLog::fact).filter(Objects::nonNull).toList();
    UsageEvent last = inOrder.getLast();
    RunId id = Objects.requireNonNull(last.run());
    RunUsage.tile(id, last.instance(), last.instanceName(), facts)
        .ifPresent(
            run -> {
              UsageEvent lost = lost(inOrder);
              boolean isLost = run.end() == null && lost != null;
              runs.add(isLost ? run.lostAfter(aliveThrough.getOrDefault(id, run.start())) : run);
            });
  }

  /** The stop that counts of a run that has a start, where it is dated before that. */
  private static Optional<UsageEvent> earlyStop(List<UsageEvent> inOrder) {
    UsageEvent start =
        inOrder.stream().filter(e -> e.kind() == Kind.STARTED).findFirst().orElseThrow();
    return inOrder.stream()
        .filter(e -> e.kind() == Kind.STOPPED && e.sequence() > start.sequence())
        .reduce((before, after) -> after)
        .filter(stop -> stop.at().isBefore(start.at()));
  }

  private static @Nullable UsageEvent lost(List<UsageEvent> inOrder) {
    return inOrder.stream().filter(e -> e.kind() == Kind.LOST).findFirst().orElse(null);
  }

  private static @Nullable RunFact fact(UsageEvent event) {
    RunFact.Kind kind =
        switch (event.kind()) {
          case STARTED -> RunFact.Kind.STARTED;
          case MOVED -> RunFact.Kind.MOVED;
          case RESIZED -> RunFact.Kind.RESIZED;
          case STOPPED -> RunFact.Kind.STOPPED;
          case LOST, OTHER -> null;
        };
    return kind == null || event.scope() == null || event.shape() == null
        ? null
        : new RunFact(event.sequence(), kind, event.at(), event.scope(), event.shape());
  }

  private static List<Gap> gaps(List<UsageEvent> events) {
    var last = new LinkedHashMap<InstanceId, UsageEvent>();
    var gaps = new ArrayList<Gap>();
    for (UsageEvent event : events.stream().sorted(IN_SEQUENCE).toList()) {
      UsageEvent before = last.put(event.instance(), event);
      long after = before == null ? 0 : before.sequence();
      if (event.sequence() > after + 1) {
        Instant since = before == null ? event.at() : before.at();
        gaps.add(new Gap(event.instance(), after, event.sequence(), since));
      }
    }
    return List.copyOf(gaps);
  }

  private static List<Shared> shared(List<UsageEvent> events) {
    var last = new LinkedHashMap<InstanceId, UsageEvent>();
    var shared = new LinkedHashSet<Shared>();
    for (UsageEvent event : events.stream().sorted(IN_SEQUENCE).toList()) {
      UsageEvent before = last.put(event.instance(), event);
      if (before != null && event.sequence() == before.sequence()) {
        shared.add(new Shared(event.instance(), event.sequence(), event.at()));
      }
    }
    return List.copyOf(shared);
  }
}
