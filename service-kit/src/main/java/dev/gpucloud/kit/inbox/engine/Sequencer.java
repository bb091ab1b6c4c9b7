package dev.gpucloud.kit.inbox.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts a batch of events of many streams in order. A stream counts 1..n without a hole: what
 * follows a hole is parked until the hole closes, and a sequence is used once. Pure: in whatever
 * batches and order the events of a stream come, they take effect in the same order.
 */
public final class Sequencer<E> {
  /** An event at its place. */
  public record Entry<E>(String stream, long sequence, E event) {}

  /**
   * What to do with a batch.
   *
   * @param apply takes effect now, in this order; parked ones that follow are among them
   * @param park waits for what is missing before it
   * @param used has a sequence that another event had first
   * @param unparked parked before, and among {@code apply} now
   * @param positions how far each stream of the batch has come
   */
  public record Plan<E>(
      List<Entry<E>> apply,
      List<Entry<E>> park,
      List<Entry<E>> used,
      List<Entry<E>> unparked,
      Map<String, Long> positions) {}

  private final Map<String, Long> positions;
  private final Map<String, TreeMap<Long, Entry<E>>> waiting = new HashMap<>();
  private final Set<Place> parkedBefore = new HashSet<>();
  private final List<Entry<E>> apply = new ArrayList<>();
  private final List<Entry<E>> used = new ArrayList<>();
  private final List<Entry<E>> unparked = new ArrayList<>();
  private final Map<Place, Entry<E>> park = new LinkedHashMap<>();

  private record Place(String stream, long sequence) {
    static Place of(Entry<?> entry) {
      return new Place(entry.stream(), entry.sequence());
    }
  }

  private Sequencer(Map<String, Long> positions, List<Entry<E>> parked) {
    this.positions = new HashMap<>(positions);
    for (Entry<E> entry : parked) {
      waiting.computeIfAbsent(entry.stream(), s -> new TreeMap<>()).put(entry.sequence(), entry);
      parkedBefore.add(Place.of(entry));
    }
  }

  /**
   * @param positions how far the batch's streams have come; 0 for one that is not among them
   * @param parked what waits in these streams
   * @param fresh events that are new, in the order of their arrival
   */
  public static <E> Plan<E> plan(
      Map<String, Long> positions, List<Entry<E>> parked, List<Entry<E>> fresh) {
    var sequencer = new Sequencer<E>(positions, parked);
    fresh.forEach(sequencer::take);
    return new Plan<>(
        List.copyOf(sequencer.apply),
        List.copyOf(sequencer.park.values()),
        List.copyOf(sequencer.used),
        List.copyOf(sequencer.unparked),
        Map.copyOf(sequencer.positions));
  }

  private void take(Entry<E> entry) {
    long last = positions.computeIfAbsent(entry.stream(), s -> 0L);
    TreeMap<Long, Entry<E>> later = waiting.computeIfAbsent(entry.stream(), s -> new TreeMap<>());
    if (entry.sequence() <= last || later.containsKey(entry.sequence())) {
      used.add(entry);
    } else if (entry.sequence() > last + 1) {
      later.put(entry.sequence(), entry);
      park.put(Place.of(entry), entry);
    } else {
      apply.add(entry);
      positions.put(entry.stream(), drain(later, entry.sequence()));
    }
  }

  /** Lets everything take effect that waited for this sequence; answers the last of it. */
  private long drain(TreeMap<Long, Entry<E>> later, long sequence) {
    long last = sequence;
    for (Entry<E> next = later.remove(last + 1); next != null; next = later.remove(last + 1)) {
      apply.add(next);
      if (parkedBefore.contains(Place.of(next))) {
        unparked.add(next);
      } else {
        park.remove(Place.of(next));
      }
      last++;
    }
    return last;
  }
}
