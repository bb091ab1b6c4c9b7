package dev.gpucloud.inventory.fleet;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.inventory.fleet.FleetDocument.Delivery;
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

/**
 * The hosts, racks and fabrics that an accepted delivery brings. Names and serials follow from the
 * delivery alone, so that an import can be repeated.
 */
final class HostPlan {
  final List<Map<String, Object>> hosts = new ArrayList<>();
  final Map<String, Map<String, Object>> racks = new LinkedHashMap<>();
  final Map<String, Map<String, Object>> fabrics = new LinkedHashMap<>();

  void add(Delivery delivery, HostShape shape) {
    String base = delivery.id().startsWith("dlv-") ? delivery.id().substring(4) : delivery.id();
    for (int n = 0; n < delivery.hosts(); n++) {
      int rackNumber = n / delivery.hostsPerRack();
      String fabric = "%s-f%02d".formatted(base, rackNumber / delivery.racksPerFabric() + 1);
      String rack = "%s-r%04d".formatted(base, rackNumber + 1);
      fabrics.putIfAbsent(
          fabric, Map.of("id", fabric, "hall_id", delivery.hall(), "delivery_id", delivery.id()));
      racks.putIfAbsent(
          rack,
          Map.of(
              "id",
              rack,
              "hall_id",
              delivery.hall(),
              "fabric_id",
              fabric,
              "power_kw",
              delivery.rackPowerKw()));
      hosts.add(host(delivery, shape, rack, fabric, n));
    }
  }

  private static Map<String, Object> host(
      Delivery delivery, HostShape shape, String rack, String fabric, int n) {
    Map<String, Object> host = new LinkedHashMap<>();
    host.put("id", Ids.next());
    host.put("pool_id", delivery.site() + "/" + delivery.model());
    host.put("site_id", delivery.site());
    host.put("model_id", delivery.model());
    host.put("hall_id", delivery.hall());
    host.put("fabric_id", fabric);
    host.put("rack_id", rack);
    host.put("delivery_id", delivery.id());
    host.put("name", "%s-h%02d".formatted(rack, n % delivery.hostsPerRack() + 1));
    host.put("serial", serial(delivery.id(), n));
    host.put("gpus", delivery.gpusPerHost());
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
