package dev.gpucloud.agent.simulated;

import dev.gpucloud.agent.engine.Console;
import dev.gpucloud.agent.engine.Driver;
import dev.gpucloud.agent.engine.Fault;
import dev.gpucloud.agent.engine.Observation;
import dev.gpucloud.agent.engine.RunSpec;
import dev.gpucloud.contracts.event.Capability;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.VolumeId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Hosts that exist only as a timetable. Boot times are log-normal around a median in system time,
 * and failures come at a rate; both depend on seed, run and attempt alone, so that a restart goes
 * on where it was and a repeated demo sees the same. A reboot takes as long as a boot and does not
 * fail; a volume is deleted in the time of a scrub.
 */
public final class SimulatedDriver implements Driver {
  private static final double SIGMA = 0.25;
  private static final double SLOWEST = 4;
  private static final int LATEST_FAULT_MILLIS = 60_000;

  /** What simulated GPUs log: programs' own errors, memory errors, one that falls off the bus. */
  private static final int[] XIDS = {13, 31, 43, 45, 48, 63, 79, 94, 95, 119};

  private final SimulatedSettings settings;
  private final InstantSource system;
  private final Map<RunId, RunSpec> booting = new HashMap<>();
  private final Map<RunId, Console> said = new LinkedHashMap<>();
  private final Map<VolumeId, Instant> deleting = new LinkedHashMap<>();
  private final Map<RunId, Due> current = new HashMap<>();
  private final PriorityQueue<Due> timetable = new PriorityQueue<>(Comparator.comparing(Due::at));
  private final PriorityQueue<DueFault> faults =
      new PriorityQueue<>(Comparator.comparing(DueFault::at));

  /** A driver with no runs. */
  public SimulatedDriver(SimulatedSettings settings, InstantSource system) {
    this.settings = settings;
    this.system = system;
  }

  @Override
  public String name() {
    return "simulated";
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public void configure(RunSpec run) {
    said.put(run.runId(), new Console(run.runId(), SimulatedConsole.boot(run)));
  }

  @Override
  public List<Console> consoles() {
    List<Console> heard = List.copyOf(said.values());
    said.clear();
    return heard;
  }

  @Override
  public void start(RunSpec run, Instant since) {
    booting.put(run.runId(), run);
    SplittableRandom random = random(run);
    Duration boot = bootTime(random);
    boolean fails = random.nextDouble() < settings.failureRate() || isBad(run);
    Observation outcome =
        fails
            ? new Observation.Failed(run.runId(), "BOOT_FAILED")
            : new Observation.Running(run.runId());
    schedule(new Due(since.plus(boot), outcome));
    if (random.nextDouble() < settings.faultRate()) {
      fault(run, since.plus(boot).plusMillis(random.nextInt(LATEST_FAULT_MILLIS)), random);
    }
  }

  @Override
  public void reboot(RunSpec run, Instant since) {
    booting.put(run.runId(), run);
    Duration boot = bootTime(random(run));
    schedule(new Due(since.plus(boot), new Observation.Running(run.runId())));
  }

  @Override
  public void release(RunSpec run, Instant since) {
    schedule(new Due(since.plus(settings.scrubTime()), new Observation.Released(run.runId())));
  }

  @Override
  public void delete(VolumeId volume, Instant since) {
    deleting.put(volume, since.plus(settings.scrubTime()));
  }

  @Override
  public List<VolumeId> deletedVolumes() {
    Instant now = system.instant();
    List<VolumeId> gone =
        deleting.entrySet().stream()
            .filter(due -> !due.getValue().isAfter(now))
            .map(Map.Entry::getKey)
            .toList();
    gone.forEach(deleting::remove);
    return gone;
  }

  @Override
  public List<Observation> observations() {
    Instant now = system.instant();
    List<Observation> seen = new ArrayList<>();
    while (!timetable.isEmpty() && !timetable.element().at().isAfter(now)) {
      Due due = timetable.remove();
      if (current.remove(due.what().runId(), due)) {
        seen.add(due.what());
        speak(due.what());
      }
    }
    return seen;
  }

  /** One that is past was logged before a restart. */
  private void fault(RunSpec run, Instant at, SplittableRandom random) {
    if (at.isAfter(system.instant())) {
      int xid = XIDS[random.nextInt(XIDS.length)];
      int gpu = Long.numberOfTrailingZeros(run.slots()) / Byte.SIZE;
      faults.add(new DueFault(at, new Fault(run.hostId(), gpu, xid, "simulated XID " + xid)));
    }
  }

  @Override
  public List<Fault> faults() {
    Instant now = system.instant();
    List<Fault> seen = new ArrayList<>();
    while (!faults.isEmpty() && !faults.element().at().isAfter(now)) {
      seen.add(faults.remove().what());
    }
    return seen;
  }

  private void speak(Observation what) {
    RunSpec run = booting.remove(what.runId());
    if (run != null && what instanceof Observation.Running) {
      configure(run);
    }
  }

  @Override
  public Optional<Instant> nextObservation() {
    return Stream.concat(
            Stream.ofNullable(timetable.peek()).map(Due::at), deleting.values().stream())
        .min(Comparator.naturalOrder());
  }

  private void schedule(Due due) {
    current.put(due.what().runId(), due);
    timetable.add(due);
  }

  private Duration bootTime(SplittableRandom random) {
    double factor = Math.exp(SIGMA * random.nextGaussian());
    double bounded = Math.clamp(factor, 1 / SLOWEST, SLOWEST);
    return Duration.ofNanos((long) (settings.bootMedian().toNanos() * bounded));
  }

  /** The same hosts for the same seed. */
  private boolean isBad(RunSpec run) {
    UUID host = run.hostId().value();
    long id = host.getMostSignificantBits() * 31 + host.getLeastSignificantBits();
    return new SplittableRandom(settings.seed() ^ id).nextDouble() < settings.badHostRate();
  }

  private SplittableRandom random(RunSpec run) {
    long id =
        run.runId().value().getMostSignificantBits() * 31
            + run.runId().value().getLeastSignificantBits();
    return new SplittableRandom(
        settings.seed() ^ id ^ (run.attempt() << 1) ^ (run.generation() << 33));
  }

  private record Due(Instant at, Observation what) {}

  private record DueFault(Instant at, Fault what) {}
}
