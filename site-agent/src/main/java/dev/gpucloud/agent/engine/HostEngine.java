package dev.gpucloud.agent.engine;

import dev.gpucloud.agent.engine.Hardware.Answer;
import dev.gpucloud.contracts.event.HostDiscovery;
import dev.gpucloud.contracts.event.HostOrderFact;
import dev.gpucloud.contracts.id.HostId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers the orders about hosts on their way into service. It keeps nothing over a restart: an
 * order that was not answered is sent again, and looking or measuring twice does no harm. An answer
 * to an order that a newer one replaced is dropped. Used by one thread.
 */
public final class HostEngine {
  private final String site;
  private final Hardware hardware;
  private final InstantSource business;
  private final Map<HostId, HostOrderFact> latest = new HashMap<>();
  private final List<HostReport> unsent = new ArrayList<>();
  private long looks;

  /** Looks are counted on from the system time, so that those after a restart are newer. */
  public HostEngine(String site, Hardware hardware, InstantSource business, InstantSource system) {
    this.site = site;
    this.hardware = hardware;
    this.business = business;
    this.looks = system.instant().toEpochMilli();
  }

  /** Takes in one order. */
  public Applied apply(HostOrderFact order) {
    HostOrderFact last = latest.get(order.hostId());
    if (last != null && order.orderSequence() < last.orderSequence()) {
      return Applied.STALE_SEQUENCE;
    }
    latest.put(order.hostId(), order);
    if (order.desired().equals(HostOrderFact.BURNED_IN)) {
      hardware.burnIn(order);
    } else {
      hardware.look(order);
    }
    return last != null && last.orderSequence() == order.orderSequence()
        ? Applied.REPEATED
        : Applied.ACCEPTED;
  }

  /** Turns the answers of the hardware into reports. */
  public void converge() {
    for (Answer answer : hardware.answers()) {
      HostOrderFact last = latest.get(answer.order().hostId());
      if (last != null && last.orderSequence() == answer.order().orderSequence()) {
        unsent.add(report(answer));
      }
    }
  }

  private HostReport report(Answer answer) {
    return switch (answer) {
      case Answer.Found found ->
          new HostReport.Discovered(
              new HostDiscovery(
                  site, found.order().serial(), ++looks, business.instant(), found.gpus()));
      case Answer.BurnedIn burnedIn -> new HostReport.BurnedIn(burnedIn.report());
    };
  }

  /** The reports that Kafka has not acknowledged yet, oldest first. */
  public List<HostReport> unsent() {
    return List.copyOf(unsent);
  }

  /** Drops the first reports of {@link #unsent()} after Kafka acknowledged them. */
  public void sent(int count) {
    unsent.subList(0, count).clear();
  }
}
