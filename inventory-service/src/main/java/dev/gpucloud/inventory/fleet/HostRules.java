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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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

  /** Where a serial or a name is already. */
  private record Place(String delivery, String words) {}

  /** Overlaps inside the document, with other deliveries and with hosts that stand. */
  private void once() {
    Map<String, Place> serials = new HashMap<>();
    Map<String, Place> names = new HashMap<>();
    known.announced().values().stream()
        .flatMap(List::stream)
        .forEach(
            h -> {
              Place place = new Place(h.delivery(), "is announced for delivery " + h.delivery());
              serials.put(h.serial(), place);
              names.put(h.name(), place);
            });
    for (Standing h : known.standing()) {
      Place place =
          new Place(h.delivery(), "is host %s of delivery %s".formatted(h.name(), h.delivery()));
      serials.put(h.serial(), place);
      names.put(h.name(), place);
    }
    once("serial", Host::serial, serials);
    once("name", Host::name, names);
  }

  private void once(
      String field, Function<Host, @Nullable String> value, Map<String, Place> elsewhere) {
    Map<String, Host> seen = new HashMap<>();
    for (Host host : declared) {
      String given = value.apply(host);
      if (given == null || given.isEmpty()) {
        continue;
      }
      Host twin = seen.putIfAbsent(given, host);
      if (twin != null) {
        wrong(host, field, given, "is there twice: also at " + twin.pointer());
      }
      Place other = elsewhere.get(given);
      if (other != null && !other.delivery().equals(host.delivery())) {
        wrong(host, field, given, other.words());
      }
    }
  }

  private void wrong(Host host, String field, String value, String rule) {
    violations.add(host.at(field), "'%s' %s".formatted(value, rule));
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
