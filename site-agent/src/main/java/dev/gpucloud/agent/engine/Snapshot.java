package dev.gpucloud.agent.engine;

import dev.gpucloud.contracts.event.HostHeartbeat;
import dev.gpucloud.contracts.event.HostHeartbeat.AliveRun;
import dev.gpucloud.contracts.id.HostId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** All that an agent knows about its site at one moment; enough to go on after a restart. */
public record Snapshot(String site, List<Run> runs, List<Report> unsent, List<VolumeEnd> volumes) {

  /** Keeps its own copies; a state written before volumes were deleted names none. */
  public Snapshot {
    runs = List.copyOf(runs);
    unsent = List.copyOf(unsent);
    volumes = List.copyOf(Objects.requireNonNullElse(volumes, List.of()));
  }

  /** The state of a site that never had an order. */
  public static Snapshot empty(String site) {
    return new Snapshot(site, List.of(), List.of(), List.of());
  }

  /**
   * One heartbeat per host that has something to do, with its running runs alive through the given
   * business time.
   */
  public List<HostHeartbeat> heartbeats(Instant businessNow) {
    Map<HostId, List<AliveRun>> alive =
        runs.stream()
            .filter(run -> run.phase() != Phase.RELEASED)
            .collect(
                Collectors.groupingBy(
                    Run::hostId,
                    LinkedHashMap::new,
                    Collectors.filtering(
                        run -> run.phase().isAlive(),
                        Collectors.mapping(run -> alive(run, businessNow), Collectors.toList()))));
    return alive.entrySet().stream()
        .map(host -> new HostHeartbeat(site, host.getKey(), businessNow, host.getValue()))
        .toList();
  }

  private static AliveRun alive(Run run, Instant businessNow) {
    Instant through = businessNow.isBefore(run.phaseAt()) ? run.phaseAt() : businessNow;
    return new AliveRun(run.id(), through, run.sequence());
  }
}
