package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * The room of a pool at the times at which hosts come back from planned work: what is free on them
 * and on the others already, without the hosts that are away then. The index is asked as it would
 * be and is afterwards as it was.
 */
final class Returns {
  /** Most ends of planned work that are looked at, so that a refusal stays cheap. */
  private static final int MOST_TIMES = 24;

  private final PoolIndex index;
  private final List<Host> hosts;

  private Returns(PoolIndex index, List<Host> hosts) {
    this.index = index;
    this.hosts = hosts;
  }

  /** A host of the pool with the work on it, and whether it is open now. */
  private record Host(HostId id, List<PlannedWork> work, boolean openNow) {
    boolean isOpenAt(Instant at) {
      return (openNow || work.stream().anyMatch(w -> w.isBackAt(at)))
          && work.stream().noneMatch(w -> w.covers(at));
    }
  }

  /** So many instances fit from then on. */
  record Room(Instant at, int instances) {}

  /** The first time at which so many fit as are wanted; nothing when they fit now or never. */
  static Optional<Room> first(PoolView pool, int wanted, ToIntFunction<PoolIndex> room) {
    List<Instant> ends = ends(pool.work());
    if (ends.isEmpty() || room.applyAsInt(pool.index()) >= wanted) {
      return Optional.empty();
    }
    return new Returns(pool.index(), hosts(pool)).first(ends, wanted, room);
  }

  /** The ends of work from the first on that opens a host. */
  private static List<Instant> ends(List<PlannedWork> work) {
    Optional<Instant> first =
        work.stream()
            .filter(PlannedWork::returns)
            .map(PlannedWork::until)
            .min(Comparator.naturalOrder());
    return work.stream()
        .map(PlannedWork::until)
        .filter(end -> first.isPresent() && !end.isBefore(first.get()))
        .distinct()
        .sorted()
        .limit(MOST_TIMES)
        .toList();
  }

  private static List<Host> hosts(PoolView pool) {
    Map<HostId, List<PlannedWork>> byHost =
        pool.work().stream().collect(Collectors.groupingBy(PlannedWork::host));
    return byHost.entrySet().stream()
        .map(e -> new Host(e.getKey(), e.getValue(), pool.index().isOpen(e.getKey())))
        .toList();
  }

  private Optional<Room> first(List<Instant> ends, int wanted, ToIntFunction<PoolIndex> room) {
    try {
      return ends.stream()
          .map(end -> new Room(end, roomAt(end, room)))
          .filter(found -> found.instances() >= wanted)
          .findFirst();
    } finally {
      hosts.forEach(host -> index.setOpen(host.id(), host.openNow()));
    }
  }

  private int roomAt(Instant end, ToIntFunction<PoolIndex> room) {
    hosts.forEach(host -> index.setOpen(host.id(), host.isOpenAt(end)));
    return room.applyAsInt(index);
  }
}
