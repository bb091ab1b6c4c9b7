package dev.gpucloud.inventory.fleet;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.inventory.fleet.FleetDocument.Delivery;
import dev.gpucloud.inventory.fleet.FleetDocument.Host;
import dev.gpucloud.inventory.fleet.FleetDocument.HostShape;
import dev.gpucloud.inventory.placement.engine.GpuBits;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The hosts, racks and fabrics that a delivery brings. What was not announced, names and serials
 * too, follows from the delivery alone, so that an import can be repeated.
 */
final class HostPlan {
  final List<Map<String, Object>> hosts = new ArrayList<>();
  final Map<String, Map<String, Object>> racks = new LinkedHashMap<>();
  final Map<String, Map<String, Object>> fabrics = new LinkedHashMap<>();

  /** Hosts of a delivery that was accepted before we heard of it: in service at once. */
  void addAccepted(Delivery delivery, HostShape shape, List<Host> announced) {
    add(delivery, shape, announced, "ACTIVE");
  }

  /** Hosts of a delivery that has just arrived: to be found and burned in. */
  void addExpected(Delivery delivery, HostShape shape, List<Host> announced) {
    add(delivery, shape, announced, "EXPECTED");
  }

  private void add(Delivery delivery, HostShape shape, List<Host> announced, String state) {
    for (int n = 0; n < delivery.hosts(); n++) {
      Optional<Host> given =
          n < announced.size() ? Optional.of(announced.get(n)) : Optional.empty();
      Place place = place(delivery, given, n);
      Map<String, Object> host = host(delivery, shape, place, n);
      given.ifPresent(announcement -> host.put("serial", announcement.serial()));
      host.put("state", state);
      hosts.add(host);
    }
  }

  private record Place(String fabric, String rack, String name) {}

  private Place place(Delivery delivery, Optional<Host> given, int n) {
    String base = delivery.id().startsWith("dlv-") ? delivery.id().substring(4) : delivery.id();
    int rackNumber = n / delivery.hostsPerRack();
    String numbered = "%s-r%04d".formatted(base, rackNumber + 1);
    String rack = given.map(Host::rack).orElse(numbered);
    String fabric =
        given
            .map(Host::fabric)
            .orElse("%s-f%02d".formatted(base, rackNumber / delivery.racksPerFabric() + 1));
    fabrics.putIfAbsent(
        fabric, Map.of("id", fabric, "hall_id", delivery.hall(), "delivery_id", delivery.id()));
    racks.putIfAbsent(rack, Map.of("id", rack, "hall_id", delivery.hall(), "fabric_id", fabric));
    String ofRack = String.valueOf(racks.get(rack).get("fabric_id"));
    String name =
        given
            .map(Host::name)
            .orElse("%s-h%02d".formatted(numbered, n % delivery.hostsPerRack() + 1));
    return new Place(ofRack, rack, name);
  }

  private static Map<String, Object> host(Delivery delivery, HostShape shape, Place place, int n) {
    Map<String, Object> host = new LinkedHashMap<>();
    host.put("id", Ids.next());
    host.put("pool_id", delivery.site() + "/" + delivery.model());
    host.put("site_id", delivery.site());
    host.put("model_id", delivery.model());
    host.put("hall_id", delivery.hall());
    host.put("fabric_id", place.fabric());
    host.put("rack_id", place.rack());
    host.put("delivery_id", delivery.id());
    host.put("name", place.name());
    host.put("serial", serial(delivery.id(), n));
    host.put("gpus", delivery.gpusPerHost());
    host.put("power_kw", delivery.hostPowerKw());
    host.put("full_mask", GpuBits.full(delivery.gpusPerHost()));
    host.put("vcpus", shape.vcpus());
    host.put("memory_gib", shape.memoryGib());
    return host;
  }

  private static String serial(String delivery, int n) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((delivery + "/" + n).getBytes(StandardCharsets.UTF_8));
      return "H" + HexFormat.of().formatHex(digest, 0, 8).toUpperCase(Locale.ROOT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
