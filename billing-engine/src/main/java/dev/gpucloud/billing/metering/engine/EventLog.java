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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Events turned into runs. The order in which events are given makes no difference, except that of
 * two with the same source and id and another payload the one that arrived first counts.
 */
public final class EventLog {
  /** How far ahead of the business clock an event may be; one further ahead is held. */
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  /** Events with a missing one before them. */
  public record Gap(InstanceId instance, long after, long before) {}

  /**
   * What the events come to. {@code duplicates} counts repeated ones, {@code quarantined} are those
   * with another payload under a known id, {@code estimated} the runs whose end is.
   */
  public record Metered(
      List<RunUsage> runs,
      int duplicates,
      List<UsageEvent> quarantined,
      List<UsageEvent> held,
      List<Gap> gaps,
      List<RunId> estimated) {}

  private final List<UsageEvent> events = new ArrayList<>();
  private final Map<RunId, Instant> aliveThrough;
  private final int duplicates;
  private final List<UsageEvent> quarantined = new ArrayList<>();

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
    var estimated = new ArrayList<RunId>();
    byRun.values().forEach(of -> addRun(of, runs, estimated));
    return new Metered(
        List.copyOf(runs),
        duplicates,
        quarantined.stream().filter(e -> !e.arrivedAt().isAfter(arrivedBy)).toList(),
        List.copyOf(held),
        gaps(counted),
        List.copyOf(estimated));
  }

  private void addRun(List<UsageEvent> events, List<RunUsage> runs, List<RunId> estimated) {
    List<UsageEvent> inOrder =
        events.stream().sorted(Comparator.comparingLong(UsageEvent::sequence)).toList();
    List<RunFact> facts = inOrder.stream().map(EventLog::fact).filter(Objects::nonNull).toList();
    UsageEvent last = inOrder.getLast();
    RunId id = Objects.requireNonNull(last.run());
    RunUsage.tile(id, last.instance(), last.instanceName(), facts)
        .ifPresent(
            run -> {
              UsageEvent lost = lost(inOrder);
              if (run.end() == null && lost != null) {
                Instant seen = aliveThrough.getOrDefault(id, run.start());
                runs.add(run.endedAt(RunUsage.estimatedEnd(seen)));
                estimated.add(id);
              } else {
                runs.add(run);
              }
            });
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
    var last = new LinkedHashMap<InstanceId, Long>();
    var gaps = new ArrayList<Gap>();
    events.stream()
        .sorted(Comparator.comparingLong(UsageEvent::sequence))
        .forEach(
            event -> {
              Long before = last.put(event.instance(), event.sequence());
              if (before != null && event.sequence() > before + 1) {
                gaps.add(new Gap(event.instance(), before, event.sequence()));
              }
            });
    return List.copyOf(gaps);
  }
}
