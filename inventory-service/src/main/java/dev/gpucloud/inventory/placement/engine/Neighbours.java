package dev.gpucloud.inventory.placement.engine;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The marks of what is held on each host. Most hosts have none, and then nothing is asked. */
final class Neighbours {
  private final HostArrays hosts;
  private final Domains domains;
  private final Map<Integer, List<Mark>> marks = new HashMap<>();
  private final Map<String, Map<Integer, Integer>> groups = new HashMap<>();
  private final Map<String, Map<Integer, Integer>> dedicated = new HashMap<>();

  Neighbours(HostArrays hosts, Domains domains) {
    this.hosts = hosts;
    this.domains = domains;
  }

  void add(int at, @Nullable Mark mark) {
    if (mark == null) {
      return;
    }
    marks.computeIfAbsent(at, host -> new ArrayList<>()).add(mark);
    count(groups, mark.group(), at);
    count(dedicated, mark.dedicatedTo(), at);
  }

  void remove(int at, @Nullable Mark mark) {
    List<Mark> there = marks.get(at);
    if (mark == null || there == null || !there.remove(mark)) {
      return;
    }
    if (there.isEmpty()) {
      marks.remove(at);
    }
    uncount(groups, mark.group(), at);
    uncount(dedicated, mark.dedicatedTo(), at);
  }

  private static void count(Map<String, Map<Integer, Integer>> all, @Nullable String name, int at) {
    if (name != null) {
      all.computeIfAbsent(name, n -> new HashMap<>()).merge(at, 1, Integer::sum);
    }
  }

  private static void uncount(
      Map<String, Map<Integer, Integer>> all, @Nullable String name, int at) {
    if (name != null) {
      all.computeIfPresent(
          name,
          (n, there) -> {
            there.computeIfPresent(at, (host, count) -> count == 1 ? null : count - 1);
            return there.isEmpty() ? null : there;
          });
    }
  }

  /** The marks of a host, in their order. */
  List<Mark> at(int host) {
    List<Mark> there = marks.get(host);
    return there == null ? List.of() : there.stream().sorted(Mark.ORDER).toList();
  }

  /** Hosts that are dedicated to others or, for one that is dedicated, shared; null when none. */
  @Nullable BitSet foreign(Terms terms) {
    if (!terms.dedicated() && dedicated.isEmpty()) {
      return null;
    }
    BitSet foreign = new BitSet(hosts.size);
    if (terms.dedicated()) {
      for (int at = 0; at < hosts.size; at++) {
        foreign.set(at, hosts.free(at) != GpuBits.full(hosts.gpus(at)));
      }
      dedicated.getOrDefault(terms.tenant(), Map.of()).keySet().forEach(foreign::clear);
    }
    dedicated.forEach(
        (tenant, there) -> {
          if (!tenant.equals(terms.tenant())) {
            there.keySet().forEach(foreign::set);
          }
        });
    return foreign;
  }

  /** Hosts too near to the group that the terms stand apart from; null when none. */
  @Nullable BitSet tooNear(Terms terms) {
    Apart apart = terms.apart();
    Map<Integer, Integer> there = apart == null ? null : groups.get(apart.group());
    if (apart == null || there == null) {
      return null;
    }
    BitSet near = new BitSet(hosts.size);
    there.keySet().forEach(at -> setDomain(near, at, apart.over()));
    return near;
  }

  private void setDomain(BitSet near, int at, Apart.Over over) {
    if (over == Apart.Over.HOST) {
      near.set(at);
    } else {
      int[] starts = domains.starts(Level.RACK);
      int rack = hosts.rack(at);
      near.set(starts[rack], starts[rack + 1]);
    }
  }
}
