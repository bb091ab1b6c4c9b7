package dev.gpucloud.agent.engine;

import dev.gpucloud.contracts.event.ConsoleTail;
import dev.gpucloud.contracts.event.GpuFault;
import dev.gpucloud.contracts.event.VolumeOrderFact;
import dev.gpucloud.contracts.event.VolumeReport;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a site converge on its orders. An order says what must be true; the engine works out what
 * to ask of the driver and what to report. It starts no run on slots or with volumes that another
 * run still holds, and reports a run released only after the driver scrubbed it. Used by one
 * thread.
 */
public final class SiteEngine {
  /** More faults than this wait for nobody: the oldest are let go and counted. */
  private static final int MOST_FAULTS = 10_000;

  private final String site;
  private final Driver driver;
  private final InstantSource business;
  private final InstantSource system;
  private final Map<RunId, Run> runs = new LinkedHashMap<>();
  private final Map<InstanceId, RunId> latest = new HashMap<>();
  private final Map<HostId, Set<RunId>> holders = new HashMap<>();
  private final SiteVolumes volumes;
  private final Set<RunId> unsettled = new LinkedHashSet<>();
  private final Set<RunId> givenLater = new HashSet<>();
  private final Set<RunId> reportDue = new LinkedHashSet<>();
  private final List<Report> unsent = new ArrayList<>();
  private final List<GpuFault> faults = new ArrayList<>();
  private final List<ConsoleTail> consoles = new ArrayList<>();
  private boolean changed;
  private long slotWaits;
  private long faultsLost;

  /** Takes up the site where the snapshot left it and asks the driver again for what was open. */
  public SiteEngine(Snapshot from, Driver driver, InstantSource business, InstantSource system) {
    this.site = from.site();
    this.driver = driver;
    this.business = business;
    this.system = system;
    this.volumes = new SiteVolumes(site, from.volumes(), driver, business, system);
    from.runs().forEach(this::restore);
    unsent.addAll(from.unsent());
  }

  /** Takes in one order; nothing is done on the hosts before {@link #converge()}. */
  public Applied apply(Order order) {
    RunId runId = order.fact().runId();
    Run last = latestOf(order.fact().instanceId());
    if (last != null && concernsAnEarlierRun(order, last)) {
      return applyToEarlier(order);
    }
    if (last != null) {
      if (order.fact().orderSequence() < last.sequence()) {
        return Applied.STALE_SEQUENCE;
      }
      if (order.fact().epoch() < last.order().fact().epoch()) {
        return Applied.STALE_EPOCH;
      }
      if (order.fact().orderSequence() == last.sequence()) {
        return repeat(order, last);
      }
      supersede(last, order);
    }
    Run known = runs.get(runId);
    put(known == null ? Run.ordered(order, system.instant()) : known.with(order));
    if (known != null && isGivenOtherThings(known, order)) {
      giveNowOrLater(load(runId));
    }
    latest.put(order.fact().instanceId(), runId);
    reportDue.add(runId);
    return Applied.ACCEPTED;
  }

  private static boolean isGivenOtherThings(Run known, Order order) {
    return order.wantsRunning()
        && !Objects.equals(known.order().fact().setup(), order.fact().setup());
  }

  /** A run that boots is given what changed meanwhile once it is up. */
  private void giveNowOrLater(Run run) {
    switch (run.phase()) {
      case RUNNING -> give(run);
      case BOOTING, REBOOTING -> givenLater.add(run.id());
      case WAITING, FAILED, RELEASING, RELEASED -> {}
    }
  }

  /** Gives a running run what its order names, and of its volumes those that no other run has. */
  private void give(Run run) {
    put(run.given(freeVolumes(run)));
    driver.configure(load(run.id()).spec());
  }

  private Set<String> freeVolumes(Run run) {
    return volumes.free(run.id(), run.wantedVolumes());
  }

  /** An instance that went on elsewhere still wants an earlier run gone; its present one stays. */
  private boolean concernsAnEarlierRun(Order order, Run last) {
    Run named = runs.get(order.fact().runId());
    return !order.wantsRunning()
        && !order.fact().runId().equals(last.id())
        && (named != null || order.fact().orderSequence() < last.sequence());
  }

  private Applied applyToEarlier(Order order) {
    Run named = runs.get(order.fact().runId());
    if (named != null && order.fact().orderSequence() <= named.sequence()) {
      return Applied.STALE_SEQUENCE;
    }
    put(named == null ? Run.ordered(order, system.instant()) : named.with(order));
    reportDue.add(order.fact().runId());
    return Applied.ACCEPTED;
  }

  /** Takes in an order that a volume shall be gone; it is asked for once no run has it. */
  public Applied apply(VolumeOrderFact order) {
    return volumes.apply(order);
  }

  /**
   * Volumes that are gone, as Kafka has not acknowledged yet, oldest first; a restart forgets them,
   * and an order that is repeated reports them again.
   */
  public List<VolumeReport> unsentVolumes() {
    return volumes.unsent();
  }

  /** Drops the first of {@link #unsentVolumes()} after Kafka acknowledged them. */
  public void volumesSent(int count) {
    volumes.sent(count);
  }

  /** Acts on what the driver saw and on the orders, and queues the reports due. */
  public void converge() {
    driver.observations().forEach(this::observe);
    driver.faults().forEach(this::keep);
    for (RunId id : List.copyOf(unsettled)) {
      step(load(id));
    }
    for (RunId id : reportDue) {
      report(load(id));
    }
    reportDue.clear();
    volumes.converge();
    driver.consoles().forEach(this::hear);
  }

  private void hear(Console console) {
    Run run = runs.get(console.runId());
    if (run == null) {
      return;
    }
    String text = console.text();
    int over = Math.max(0, text.length() - ConsoleTail.LONGEST);
    consoles.add(
        new ConsoleTail(
            site,
            run.hostId(),
            run.instanceId(),
            run.id(),
            business.instant(),
            over > 0,
            text.substring(over)));
  }

  /** The consoles heard since the last call; losing one costs the tenant a look at it. */
  public List<ConsoleTail> takeConsoles() {
    List<ConsoleTail> heard = List.copyOf(consoles);
    consoles.clear();
    return heard;
  }

  /**
   * Forgets released runs that have been gone longer than the retention (system time), and the
   * oldest of the others when there are more than so many. An order for a forgotten run that comes
   * again is followed by the one that ended it, and nothing is carried out in between. Deleted
   * volumes are forgotten after the same time.
   */
  public void forgetReleased(Duration retention, int most) {
    Instant limit = system.instant().minus(retention);
    List<Run> released =
        runs.values().stream()
            .filter(run -> run.phase() == Phase.RELEASED && run.settled())
            .sorted(Comparator.comparing(Run::phaseSince))
            .toList();
    volumes.forget(retention);
    int over = released.size() - most;
    for (int n = 0; n < released.size(); n++) {
      Run run = released.get(n);
      if (n >= over && !run.phaseSince().isBefore(limit)) {
        break;
      }
      runs.remove(run.id());
      latest.remove(run.instanceId(), run.id());
      changed = true;
    }
  }

  /** The reports that Kafka has not acknowledged yet, oldest first. */
  public List<Report> unsent() {
    return List.copyOf(unsent);
  }

  /** Drops the first reports of {@link #unsent()} after Kafka acknowledged them. */
  public void sent(int count) {
    unsent.subList(0, count).clear();
    changed |= count > 0;
  }

  private void keep(Fault fault) {
    if (faults.size() == MOST_FAULTS) {
      faults.removeFirst();
      faultsLost++;
    }
    faults.add(
        new GpuFault(
            site,
            fault.host(),
            fault.gpu(),
            fault.xid(),
            business.instant(),
            system.instant(),
            fault.message()));
  }

  /** The faults that Kafka has not acknowledged yet, oldest first; a restart forgets them. */
  public List<GpuFault> unsentFaults() {
    return List.copyOf(faults);
  }

  /** Drops the first of {@link #unsentFaults()} after Kafka acknowledged them. */
  public void faultsSent(int count) {
    faults.subList(0, count).clear();
  }

  /** Faults that were let go because too many waited. */
  public long faultsLost() {
    return faultsLost;
  }

  /** Whether anything changed since the last call that a restart must not lose. */
  public boolean takeChanged() {
    boolean was = volumes.takeChanged() || changed;
    changed = false;
    return was;
  }

  /** The present state, for disk and for heartbeats. */
  public Snapshot snapshot() {
    return new Snapshot(site, List.copyOf(runs.values()), unsent, volumes.ends());
  }

  /** How often a run had to wait because another run still held its slots or a volume. */
  public long slotWaits() {
    return slotWaits;
  }

  private void restore(Run run) {
    put(run);
    latest.merge(
        run.instanceId(),
        run.id(),
        (one, other) -> load(one).sequence() >= load(other).sequence() ? one : other);
    changed = false;
    switch (run.phase()) {
      case BOOTING, RUNNING -> driver.start(run.spec(), run.phaseSince());
      case REBOOTING -> driver.reboot(run.spec(), run.phaseSince());
      case RELEASING -> driver.release(run.spec(), run.phaseSince());
      case WAITING, FAILED, RELEASED -> {}
    }
  }

  private Applied repeat(Order order, Run last) {
    if (!order.fact().runId().equals(last.id())
        || !order.fact().desired().equals(last.order().fact().desired())) {
      return Applied.CONFLICTING;
    }
    reportDue.add(last.id());
    return Applied.REPEATED;
  }

  private void supersede(Run last, Order by) {
    boolean another = !by.fact().runId().equals(last.id());
    if (another && last.phase() != Phase.RELEASED) {
      put(last.superseded(by));
    }
  }

  private void step(Run run) {
    if (run.order().wantsRunning()) {
      stepToRunning(run);
    } else {
      stepToAbsent(run);
    }
  }

  private void stepToRunning(Run run) {
    switch (run.phase()) {
      case WAITING, FAILED -> startWhenFree(run);
      case RUNNING -> {
        giveWhenFree(run);
        rebootWhenDue(load(run.id()));
      }
      case BOOTING, REBOOTING, RELEASING, RELEASED -> {}
    }
  }

  /** A volume that was attached elsewhere comes when that run has let it go. */
  private void giveWhenFree(Run run) {
    if (run.volumesDue() && !freeVolumes(run).equals(run.volumes())) {
      give(run);
    }
  }

  private void rebootWhenDue(Run run) {
    if (!run.rebootDue()) {
      return;
    }
    if (!slotsFree(run)) {
      countWait(run);
      return;
    }
    Run rebooting = run.rebooting(now());
    put(rebooting);
    reportDue.add(run.id());
    driver.reboot(rebooting.spec(), rebooting.phaseSince());
  }

  private void startWhenFree(Run run) {
    if (!slotsFree(run) || !freeVolumes(run).equals(run.wantedVolumes())) {
      countWait(run);
      return;
    }
    Run booting = run.booting(now());
    put(booting);
    reportDue.add(run.id());
    driver.start(booting.spec(), booting.phaseSince());
  }

  private boolean slotsFree(Run run) {
    return holders.getOrDefault(run.hostId(), Set.of()).stream()
        .filter(id -> !id.equals(run.id()))
        .noneMatch(id -> Slots.overlap(load(id).slotMask(), run.slotMask()));
  }

  private void countWait(Run run) {
    if (!run.counted()) {
      slotWaits++;
      put(run.countedAsWaiting());
    }
  }

  private void stepToAbsent(Run run) {
    switch (run.phase()) {
      case WAITING, BOOTING, RUNNING, REBOOTING, FAILED -> {
        Run releasing = run.entered(Phase.RELEASING, now(), null);
        put(releasing);
        driver.release(releasing.spec(), releasing.phaseSince());
      }
      case RELEASING, RELEASED -> {}
    }
  }

  private void observe(Observation seen) {
    Run run = runs.get(seen.runId());
    if (run == null) {
      return;
    }
    switch (seen) {
      case Observation.Running _
          when run.phase() == Phase.BOOTING || run.phase() == Phase.REBOOTING ->
          enter(run, Phase.RUNNING, null);
      case Observation.Failed failed when run.phase() == Phase.BOOTING || run.phase().isAlive() ->
          enter(run, Phase.FAILED, failed.reason());
      case Observation.Released _ when run.phase() == Phase.RELEASING ->
          enter(run, run.order().wantsRunning() ? Phase.WAITING : Phase.RELEASED, null);
      default -> {}
    }
  }

  private void enter(Run run, Phase phase, @Nullable String reason) {
    put(run.entered(phase, now(), reason));
    reportDue.add(run.id());
    boolean changedMeanwhile = givenLater.remove(run.id());
    if (phase == Phase.RUNNING && changedMeanwhile) {
      give(load(run.id()));
    }
  }

  private void report(Run run) {
    run.phase()
        .observed()
        .ifPresent(
            observed -> {
              Order order = run.order();
              unsent.add(
                  new Report(run.report(site, observed), order.tenantId(), order.traceparent()));
              changed = true;
            });
  }

  private void put(Run run) {
    Run before = runs.put(run.id(), run);
    volumes.moved(run.id(), before == null ? Set.of() : before.volumes(), run.volumes());
    Set<RunId> onHost = holders.computeIfAbsent(run.hostId(), _ -> new LinkedHashSet<>());
    if (run.holdsSlots()) {
      onHost.add(run.id());
    } else {
      onHost.remove(run.id());
    }
    if (run.settled()) {
      unsettled.remove(run.id());
    } else {
      unsettled.add(run.id());
    }
    changed = true;
  }

  private Stamp now() {
    return new Stamp(business.instant(), system.instant());
  }

  private Run load(RunId id) {
    Run run = runs.get(id);
    if (run == null) {
      throw new IllegalStateException("run " + id + " is not known");
    }
    return run;
  }

  private @Nullable Run latestOf(InstanceId instance) {
    RunId id = latest.get(instance);
    return id == null ? null : runs.get(id);
  }
}
