package dev.gpucloud.agent.engine;

import dev.gpucloud.contracts.event.BurnInReport;
import dev.gpucloud.contracts.event.HostDiscovery;
import dev.gpucloud.contracts.event.HostOrderFact;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Eyes of the agent on the hosts of a site. A request is answered later, or never for a host that
 * is not there; a repeated request while an answer is under way changes nothing. Called by one
 * thread.
 */
public interface Hardware {

  /** Looks for a host. */
  void look(HostOrderFact order);

  /** Burns a host in. */
  void burnIn(HostOrderFact order);

  /** What is known since the last call, oldest first. */
  List<Answer> answers();

  /** System time at which the next answer is expected, when that is known. */
  Optional<Instant> nextAnswer();

  /** An answer to an order. */
  sealed interface Answer {
    /** The order that it answers. */
    HostOrderFact order();

    /** The host as it was found. */
    record Found(HostOrderFact order, List<HostDiscovery.FoundGpu> gpus) implements Answer {}

    /** What was measured. */
    record BurnedIn(HostOrderFact order, BurnInReport report) implements Answer {}
  }
}
