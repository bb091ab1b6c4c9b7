package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.inventory.placement.engine.GpuGeometry.ProfileTable;
import dev.gpucloud.inventory.placement.engine.Rule.Spread;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a cluster while they are chosen inside a domain that is known to have the room. The
 * arrays are kept from one cluster to the next.
 */
final class Chosen {
  private static final Level[] LEVELS = Level.values();

  private final HostArrays hosts;
  private final Domains domains;
  private final Buckets buckets;
  private final Fit fit;
  private final int[][] rooms = new int[LEVELS.length][0];
  private int[] places = new int[64];
  private long[] masks = new long[64];
  private int count;

  Chosen(HostArrays hosts, Domains domains, Buckets buckets, Fit fit) {
    this.hosts = hosts;
    this.domains = domains;
    this.buckets = buckets;
    this.fit = fit;
  }

  void begin(int members) {
    count = 0;
    if (places.length < members) {
      places = new int[members];
      masks = new long[members];
    }
  }

  /** Takes members of a domain, fullest racks first. */
  void fill(Level level, int domain, int members) {
    int[] starts = domains.starts(level);
    int from = starts[domain];
    int to = starts[domain + 1];
    if (!level.isWiderThan(Level.RACK)) {
      takeHosts(from, to, members);
      return;
    }
    int[] rackOf = domains.of(Level.RACK);
    int first = rackOf[from];
    int[] room = rooms(Level.RACK, first, rackOf[to - 1]);
    int left = members;
    int next;
    for (int now = 1; left > 0; now = next) {
      next = Integer.MAX_VALUE;
      for (int g = 0; g <= rackOf[to - 1] - first && left > 0; g++) {
        if (room[g] == now) {
          int taken = Math.min(left, now);
          fill(Level.RACK, first + g, taken);
          left -= taken;
        } else if (room[g] > now && room[g] < next) {
          next = room[g];
        }
      }
    }
  }

  private int[] rooms(Level level, int first, int last) {
    int n = level.ordinal();
    if (rooms[n].length <= last - first) {
      rooms[n] = new int[last - first + 1];
    }
    DomainRanks ranks = fit.ranks(level);
    for (int g = first; g <= last; g++) {
      rooms[n][g - first] = ranks == null ? fit.in(level, g) : ranks.count(g);
    }
    return rooms[n];
  }

  /** Takes members of a domain from as few domains of each level down to {@code narrow}. */
  void gather(Level level, int domain, Level narrow, int members) {
    if (!level.isWiderThan(narrow)) {
      fill(level, domain, members);
      return;
    }
    Level inner = LEVELS[level.ordinal() - 1];
    int[] starts = domains.starts(level);
    int[] innerOf = domains.of(inner);
    int first = innerOf[starts[domain]];
    int last = innerOf[starts[domain + 1] - 1];
    int[] room = rooms(inner, first, last);
    int left = members;
    while (left > 0) {
      int best = tightestOrLargest(room, last - first + 1, left);
      int taken = Math.min(left, room[best]);
      room[best] = 0;
      gather(inner, first + best, narrow, taken);
      left -= taken;
    }
  }

  private static int tightestOrLargest(int[] room, int groups, int wanted) {
    int best = 0;
    for (int g = 1; g < groups; g++) {
      boolean better =
          room[best] < wanted ? room[g] > room[best] : room[g] >= wanted && room[g] < room[best];
      best = better ? g : best;
    }
    return best;
  }

  /** Takes a cluster of a domain over several narrower ones, the fullest first. */
  void spread(Level level, int domain, ClusterShape cluster, Spread spread) {
    int[] starts = domains.starts(level);
    int[] groupOf = domains.of(spread.over());
    int first = groupOf[starts[domain]];
    int groups = groupOf[starts[domain + 1] - 1] - first + 1;
    int[] room = Arrays.copyOf(rooms(spread.over(), first, first + groups - 1), groups);
    int used = 0;
    while (count < cluster.members()) {
      int g = fullest(room);
      int left = cluster.members() - count;
      int forOthers = Math.max(0, spread.minDomains() - used - 1);
      int taken = Math.min(Math.min(room[g], spread.maxPerDomain()), left - forOthers);
      int begin = count;
      room[g] = 0;
      gather(spread.over(), first + g, narrowest(cluster, spread.over()), taken);
      swap(begin, used++);
    }
  }

  private static Level narrowest(ClusterShape cluster, Level over) {
    return over.isWiderThan(cluster.narrowest()) ? cluster.narrowest() : over;
  }

  private static int fullest(int[] room) {
    int best = -1;
    for (int g = 0; g < room.length; g++) {
      if (room[g] > 0 && (best < 0 || room[g] < room[best])) {
        best = g;
      }
    }
    return best;
  }

  /** Brings one member of each domain to the front, so that spares are not what spreads. */
  private void swap(int a, int b) {
    int place = places[a];
    long mask = masks[a];
    places[a] = places[b];
    masks[a] = masks[b];
    places[b] = place;
    masks[b] = mask;
  }

  private void takeHosts(int from, int to, int members) {
    int end = count + members;
    ProfileTable table = fit.table();
    if (table == null) {
      for (int free = fit.gpus(); free <= hosts.mostGpus && count < end; free++) {
        HostSet bucket = buckets.withWhole(free);
        for (int at = bucket.next(from);
            at >= 0 && at < to && count < end;
            at = bucket.next(at + 1)) {
          takeOf(at, end);
        }
      }
      return;
    }
    for (int pass = 0; pass < 2; pass++) {
      for (int at = from; at < to && count < end; at++) {
        if (buckets.tightness(at, table) == Buckets.CLOSED == (pass == 1)) {
          takeOf(at, end);
        }
      }
    }
  }

  private void takeOf(int at, int end) {
    long free = hosts.free(at);
    for (int n = Math.min(fit.on(at), end - count); n > 0; n--) {
      long mask = HostSearch.mask(free, fit);
      places[count] = at;
      masks[count++] = mask;
      free &= ~mask;
    }
  }

  int count() {
    return count;
  }

  int place(int n) {
    return places[n];
  }

  long mask(int n) {
    return masks[n];
  }

  /** Takes what was chosen out of the hosts. */
  void take(Shape shape) {
    for (int n = 0; n < count; n++) {
      hosts.take(places[n], masks[n], shape.vcpus(), shape.memoryGib());
      buckets.file(places[n]);
    }
  }

  /** The chosen slots from one up to another. */
  List<Slot> slots(Shape shape, @Nullable Mark mark, int from, int to) {
    Slot[] slots = new Slot[to - from];
    for (int n = from; n < to; n++) {
      slots[n - from] =
          new Slot(hosts.ids[places[n]], masks[n], shape.vcpus(), shape.memoryGib(), mark);
    }
    return List.of(slots);
  }
}
