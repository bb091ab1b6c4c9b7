package dev.gpucloud.kit.inbox.engine;

import dev.gpucloud.kit.inbox.engine.Sequencer.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Picks from a batch of a compacted topic what is news: of each stream the event with the highest
 * sequence, when it is above what the stream has come to. Pure.
 */
public final class Latest {
  /**
   * What to do with a batch.
   *
   * @param apply takes effect now, at most one of each stream
   * @param late is older than what is known, or than another of the batch
   * @param positions how far each stream of {@code apply} has come
   */
  public record Plan<E>(List<Entry<E>> apply, List<Entry<E>> late, Map<String, Long> positions) {}

  private Latest() {}

  /**
   * @param positions how far the batch's streams have come; 0 for one that is not among them
   * @param fresh events that are new, in the order of their arrival
   */
  public static <E> Plan<E> plan(Map<String, Long> positions, List<Entry<E>> fresh) {
    var newest = new LinkedHashMap<String, Entry<E>>();
    var late = new ArrayList<Entry<E>>();
    for (Entry<E> entry : fresh) {
      Entry<E> known = newest.get(entry.stream());
      long last = known == null ? positions.getOrDefault(entry.stream(), 0L) : known.sequence();
      if (entry.sequence() <= last) {
        late.add(entry);
      } else {
        newest.put(entry.stream(), entry);
        if (known != null) {
          late.add(known);
        }
      }
    }
    var reached = new HashMap<String, Long>();
    newest.forEach((stream, entry) -> reached.put(stream, entry.sequence()));
    return new Plan<>(List.copyOf(newest.values()), List.copyOf(late), Map.copyOf(reached));
  }
}
