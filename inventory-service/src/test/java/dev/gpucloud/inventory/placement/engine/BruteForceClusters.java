package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.placement.engine.Rule.Spread;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What clusters a small fleet could take, found by trying: the yardstick of cluster placement. */
final class BruteForceClusters {
  private final List<HostSlots> hosts;
  private final GpuGeometry geometry;
  private final ClusterShape cluster;
  private final Set<HostId> avoid;
  private final Map<HostId, Integer> rooms = new HashMap<>();

  BruteForceClusters(
      List<HostSlots> hosts, GpuGeometry geometry, ClusterShape cluster, Set<HostId> avoid) {
    this.hosts = hosts;
    this.geometry = geometry;
    this.cluster = cluster;
    this.avoid = avoid;
    hosts.forEach(host -> rooms.put(host.id(), room(host)));
  }

  /** Whether so many members fit into one domain of a level. */
  boolean fits(Level level, int members, @Nullable Spread spread) {
    return domains(hosts, level).values().stream().anyMatch(d -> takes(d, members, spread));
  }

  /** The most instances, with their spares, inside one domain of a level. */
  int largest(Level level) {
    Spread spread = cluster.requiredSpread();
    int least = spread == null ? 1 : spread.minDomains();
    return domains(hosts, level).values().stream()
        .mapToInt(inside -> most(inside, spread) - cluster.spares())
        .filter(instances -> instances >= least)
        .max()
        .orElse(0);
  }

  private int most(List<HostSlots> inside, @Nullable Spread spread) {
    if (spread == null) {
      return room(inside);
    }
    return ways(inside, spread).stream()
        .filter(way -> way.domains() >= spread.minDomains())
        .mapToInt(Way::members)
        .max()
        .orElse(0);
  }

  /** Room of each domain of a level without regard to a spread. */
  Map<String, Integer> rooms(Level level) {
    Map<String, Integer> rooms = new LinkedHashMap<>();
    domains(hosts, level).forEach((name, inside) -> rooms.put(name, room(inside)));
    return rooms;
  }

  static Map<String, List<HostSlots>> domains(List<HostSlots> hosts, Level level) {
    Function<HostSlots, String> name = host -> domain(host, level);
    return hosts.stream()
        .collect(Collectors.groupingBy(name, LinkedHashMap::new, Collectors.toList()));
  }

  static String domain(HostSlots host, Level level) {
    Location at = host.location();
    String rack = String.join("/", at.hall(), at.fabric(), at.rack());
    return switch (level) {
      case NVLINK_DOMAIN ->
          rack + "/" + (at.nvlinkDomain().isEmpty() ? host.name() : at.nvlinkDomain());
      case RACK -> rack;
      case FABRIC -> at.hall() + "/" + at.fabric();
      case HALL -> at.hall();
      case SITE -> "";
    };
  }

  boolean takes(List<HostSlots> inside, int members, @Nullable Spread spread) {
    if (spread == null) {
      return room(inside) >= members;
    }
    return ways(inside, spread).stream()
        .anyMatch(way -> way.members() == members && way.domains() >= spread.minDomains());
  }

  private record Way(int members, int domains) {}

  /** Every sum that choosing a number for each domain of the spread can give. */
  private Set<Way> ways(List<HostSlots> inside, Spread spread) {
    Set<Way> ways = new HashSet<>(Set.of(new Way(0, 0)));
    for (List<HostSlots> group : domains(inside, spread.over()).values()) {
      Set<Way> next = new HashSet<>(ways);
      for (Way way : ways) {
        for (int n = 1; n <= Math.min(room(group), spread.maxPerDomain()); n++) {
          next.add(new Way(way.members() + n, way.domains() + 1));
        }
      }
      ways = next;
    }
    return ways;
  }

  private int room(List<HostSlots> inside) {
    return inside.stream().mapToInt(host -> rooms.get(host.id())).sum();
  }

  private int room(HostSlots host) {
    if (!host.open() || avoid.contains(host.id())) {
      return 0;
    }
    int room = 0;
    int vcpus = host.freeVcpus();
    int memory = host.freeMemoryGib();
    for (int left = byGpus(host); left > 0; left--) {
      vcpus -= cluster.shape().vcpus();
      memory -= cluster.shape().memoryGib();
      room += vcpus >= 0 && memory >= 0 ? 1 : 0;
    }
    return cluster.onePerHost() ? Math.min(1, room) : room;
  }

  private int byGpus(HostSlots host) {
    List<Integer> bytes = new ArrayList<>();
    for (int gpu = 0; gpu < 8; gpu++) {
      bytes.add(GpuBits.byteOf(host.freeMask(), gpu));
    }
    MigProfile profile = cluster.shape().profile();
    if (profile == null) {
      return (int) bytes.stream().filter(b -> b == 0xFF).count() / cluster.shape().gpus();
    }
    List<Integer> masks = new ArrayList<>();
    int bitsPerSlice = 8 / geometry.memorySlices();
    for (int start : profile.starts()) {
      masks.add(((1 << profile.memorySlices() * bitsPerSlice) - 1) << start * bitsPerSlice);
    }
    return bytes.stream().mapToInt(b -> most(masks, 0, b)).sum();
  }

  /** The most of the positions from the {@code n}-th on that can be taken together. */
  private static int most(List<Integer> masks, int n, int free) {
    if (n == masks.size()) {
      return 0;
    }
    int mask = masks.get(n);
    int without = most(masks, n + 1, free);
    return (free & mask) == mask
        ? Math.max(without, 1 + most(masks, n + 1, free & ~mask))
        : without;
  }
}
