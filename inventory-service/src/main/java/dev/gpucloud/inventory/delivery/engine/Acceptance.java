package dev.gpucloud.inventory.delivery.engine;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.problem.FieldError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides whether a delivery may be accepted: each of its hosts is in service, or is waived by name
 * with a reason. What is in service cannot be waived.
 */
public sealed interface Acceptance {

  /** A host of the delivery. */
  record DeliveredHost(HostId id, String name, String serial, String state, boolean accepted) {}

  /** A host that shall be left out, by name or serial. */
  record Waiver(String host, String reason) {}

  /** A host that is left out. */
  record Waived(DeliveredHost host, String reason) {}

  /** Every host is accounted for. */
  record Complete(List<Waived> waived) implements Acceptance {}

  /** Some are not; {@code open} are the hosts that are neither accepted nor waived. */
  record Incomplete(List<DeliveredHost> open, List<FieldError> violations) implements Acceptance {}

  /** Decides; hosts retired before count as left out already. */
  static Acceptance decide(List<DeliveredHost> hosts, List<Waiver> waivers) {
    Map<String, DeliveredHost> known = new LinkedHashMap<>();
    hosts.forEach(host -> known.put(host.name(), host));
    hosts.forEach(host -> known.put(host.serial(), host));
    List<FieldError> violations = new ArrayList<>();
    Map<HostId, Waived> waived = new LinkedHashMap<>();
    for (int i = 0; i < waivers.size(); i++) {
      String pointer = "/waived/" + i + "/host";
      DeliveredHost host = known.get(waivers.get(i).host());
      if (host == null) {
        violations.add(new FieldError(pointer, "is no host of this delivery"));
      } else if (host.accepted()) {
        violations.add(new FieldError(pointer, "is accepted and cannot be waived"));
      } else if (waived.put(host.id(), new Waived(host, waivers.get(i).reason())) != null) {
        violations.add(new FieldError(pointer, "is waived twice"));
      }
    }
    List<DeliveredHost> open =
        hosts.stream()
            .filter(host -> !host.accepted() && !host.state().equals("RETIRED"))
            .filter(host -> !waived.containsKey(host.id()))
            .toList();
    return open.isEmpty() && violations.isEmpty()
        ? new Complete(
            waived.values().stream().filter(w -> !w.host().state().equals("RETIRED")).toList())
        : new Incomplete(open, violations);
  }
}
