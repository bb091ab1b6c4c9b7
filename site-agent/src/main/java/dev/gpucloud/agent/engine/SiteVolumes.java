package dev.gpucloud.agent.engine;

import dev.gpucloud.contracts.event.VolumeOrderFact;
import dev.gpucloud.contracts.event.VolumeReport;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.VolumeId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which run of a site has which volume, and which volumes are to be gone. One is deleted when no
 * run has it any more, and no run is given one that is to be gone, however late an order names it.
 */
final class SiteVolumes {
  private final String site;
  private final Driver driver;
  private final InstantSource business;
  private final InstantSource system;
  private final Map<String, RunId> holders = new HashMap<>();
  private final Map<String, VolumeEnd> ends = new LinkedHashMap<>();
  private final Set<String> going = new LinkedHashSet<>();
  private final Set<String> asked = new HashSet<>();
  private final List<VolumeReport> unsent = new ArrayList<>();
  private boolean changed;

  SiteVolumes(
      String site,
      Collection<VolumeEnd> from,
      Driver driver,
      InstantSource business,
      InstantSource system) {
    this.site = site;
    this.driver = driver;
    this.business = business;
    this.system = system;
    from.forEach(this::put);
    changed = false;
  }

  /** What a run had, and has now. */
  void moved(RunId run, Set<String> had, Set<String> has) {
    had.forEach(volume -> holders.remove(volume, run));
    has.forEach(volume -> holders.put(volume, run));
  }

  /** Those of the volumes that the run may have now. */
  Set<String> free(RunId run, Set<String> wanted) {
    return wanted.stream()
        .filter(volume -> run.equals(holders.getOrDefault(volume, run)))
        .filter(volume -> !ends.containsKey(volume))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Takes in one order; a repeated one is asked of the driver, or reported, again. */
  Applied apply(VolumeOrderFact order) {
    VolumeEnd last = ends.get(order.volumeId().toString());
    if (last == null) {
      put(VolumeEnd.ordered(order, system.instant()));
      return Applied.ACCEPTED;
    }
    if (order.orderSequence() < last.order().orderSequence()) {
      return Applied.STALE_SEQUENCE;
    }
    boolean repeated = order.orderSequence() == last.order().orderSequence();
    if (!repeated) {
      put(last.with(order));
    }
    asked.remove(last.name());
    report(load(last.name()));
    return repeated ? Applied.REPEATED : Applied.ACCEPTED;
  }

  /** Notes what the driver deleted, and asks it for what no run has any more. */
  void converge() {
    driver.deletedVolumes().forEach(this::deleted);
    for (String volume : going) {
      if (!holders.containsKey(volume) && asked.add(volume)) {
        VolumeEnd end = load(volume);
        driver.delete(end.order().volumeId(), end.since());
      }
    }
  }

  private void deleted(VolumeId volume) {
    VolumeEnd end = ends.get(volume.toString());
    if (end != null && !end.isGone()) {
      put(end.gone(new Stamp(business.instant(), system.instant())));
      report(load(end.name()));
    }
  }

  private void report(VolumeEnd end) {
    Instant at = end.goneAt();
    if (at != null) {
      unsent.add(end.report(site, at));
    }
  }

  private void put(VolumeEnd end) {
    ends.put(end.name(), end);
    if (end.isGone()) {
      going.remove(end.name());
      asked.remove(end.name());
    } else {
      going.add(end.name());
    }
    changed = true;
  }

  private VolumeEnd load(String volume) {
    VolumeEnd end = ends.get(volume);
    if (end == null) {
      throw new IllegalStateException("volume " + volume + " is not to be deleted");
    }
    return end;
  }

  /** Forgets volumes that have been gone longer than this; no order that is kept names them. */
  void forget(Duration retention) {
    Instant limit = system.instant().minus(retention);
    changed |= ends.values().removeIf(end -> end.isGone() && end.since().isBefore(limit));
  }

  List<VolumeEnd> ends() {
    return List.copyOf(ends.values());
  }

  List<VolumeReport> unsent() {
    return List.copyOf(unsent);
  }

  void sent(int count) {
    unsent.subList(0, count).clear();
  }

  boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }
}
