package dev.gpucloud.inventory.fleet;

import dev.gpucloud.inventory.fleet.FleetDocument.Delivery;
import dev.gpucloud.inventory.fleet.FleetDocument.Hall;
import dev.gpucloud.inventory.fleet.FleetDocument.Host;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What announced hosts must keep to: each serial and name once in the whole fleet, no more hosts
 * than the delivery has, racks within the hall's rack power, and nothing new once they are here.
 */
final class HostRules {
  private final List<Host> declared;
  private final Known known;
  private final Map<String, Delivery> deliveries;
  private final Map<String, Hall> halls;
  private final Violations violations;

  HostRules(
      List<Host> declared,
      Known known,
      Map<String, Delivery> deliveries,
      Map<String, Hall> halls,
      Violations violations) {
    this.declared = declared;
    this.known = known;
    this.deliveries = deliveries;
    this.halls = halls;
    this.violations = violations;
  }

  /**
   * What the database has: hosts announced, in order, and hosts that stand under a serial or a name
   * of the document; racks with their delivery; deliveries that are here.
   */
  record Known(
      Map<String, List<Host>> announced,
      List<Standing> standing,
      Map<String, String> racks,
      List<String> here) {
    List<Host> announcedFor(String delivery) {
      return announced.getOrDefault(delivery, List.of());
    }
  }

  /** A host of the fleet. */
  record Standing(String serial, String name, String delivery) {}

  void check() {
    Map<String, List<Host>> byDelivery = new LinkedHashMap<>();
    declared.forEach(h -> byDelivery.computeIfAbsent(h.delivery(), k -> new ArrayList<>()).add(h));
    once();
    byDelivery.forEach(this::delivery);
  }

  /** Overlaps inside the document, with other deliveries and with hosts that stand. */
  private void once() {
    Map<String, Host> serials = new HashMap<>();
    Map<String, Host> names = new HashMap<>();
    Map<String, String> elsewhere = new HashMap<>();
    known
        .announced()
        .values()
        .forEach(list -> list.forEach(h -> elsewhere.put(h.serial(), h.delivery())));
    known.standing().forEach(h -> elsewhere.put(h.serial(), h.delivery()));
    Map<String, Standing> standing = new HashMap<>();
    known.standing().forEach(h -> standing.put(h.name(), h));
    for (Host host : declared) {
      if (!host.serial().isEmpty()) {
        Host twin = serials.putIfAbsent(host.serial(), host);
        if (twin != null) {
          violations.add(host.at("serial"), "is there twice: also at " + twin.pointer());
        }
        String other = elsewhere.get(host.serial());
        if (other != null && !other.equals(host.delivery())) {
          violations.add(host.at("serial"), "belongs to delivery " + other);
        }
      }
      name(host, names, standing);
    }
  }

  private void name(Host host, Map<String, Host> names, Map<String, Standing> standing) {
    String name = host.name();
    if (name == null) {
      return;
    }
    Host twin = names.putIfAbsent(name, host);
    if (twin != null) {
      violations.add(host.at("name"), "is there twice: also at " + twin.pointer());
    }
    Standing other = standing.get(name);
    if (other != null && !other.delivery().equals(host.delivery())) {
      violations.add(host.at("name"), "is the name of a host of delivery " + other.delivery());
    }
  }

  private void delivery(String id, List<Host> hosts) {
    Delivery delivery = deliveries.get(id);
    if (delivery == null) {
      hosts.forEach(host -> violations.add(host.at("delivery"), "is no delivery: " + id));
      return;
    }
    if (hosts.size() > delivery.hosts()) {
      violations.add(
          hosts.get(delivery.hosts()).pointer(),
          "the delivery has %d hosts, %d are announced".formatted(delivery.hosts(), hosts.size()));
    }
    if (known.here().contains(id) && !same(hosts, known.announcedFor(id))) {
      violations.add(
          hosts.getFirst().at("delivery"), "is here already; its hosts are no longer announced");
    }
    racks(delivery, hosts);
  }

  private static boolean same(List<Host> one, List<Host> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (!one.get(i).sameAs(other.get(i))) {
        return false;
      }
    }
    return true;
  }

  private void racks(Delivery delivery, List<Host> hosts) {
    Map<String, Integer> filled = new HashMap<>();
    Map<String, String> fabrics = new HashMap<>();
    Hall hall = halls.get(delivery.hall());
    for (Host host : hosts) {
      String rack = host.rack();
      if (rack == null) {
        continue;
      }
      int count = filled.merge(rack, 1, Integer::sum);
      BigDecimal drawn = delivery.hostPowerKw().multiply(BigDecimal.valueOf(count));
      if (hall != null && drawn.compareTo(hall.rackPowerKw()) > 0) {
        violations.add(
            host.at("rack"),
            "rack %s would draw %s kW, the hall gives %s"
                .formatted(rack, drawn, hall.rackPowerKw()));
      }
      String owner = known.racks().get(rack);
      if (owner != null && !owner.equals(delivery.id())) {
        violations.add(host.at("rack"), "is a rack of delivery " + owner);
      }
      String fabric = host.fabric() == null ? "" : host.fabric();
      if (!fabrics.computeIfAbsent(rack, r -> fabric).equals(fabric)) {
        violations.add(host.at("fabric"), "differs from that of another host in rack " + rack);
      }
    }
  }
}
