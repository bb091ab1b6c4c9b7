package dev.gpucloud.kit.outbox;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The topics that refused an event, and until when each is left alone. While the broker takes
 * events of other topics the pause doubles from two seconds to a minute; while it takes none the
 * pause stays short, because then the broker is the trouble and comes back for all at once.
 */
final class RestingTopics {
  private static final Duration SHORTEST = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Map<String, Rest> rests = new HashMap<>();

  private record Rest(long fromNanos, Duration length) {
    boolean over(long nanos) {
      return nanos - fromNanos >= length.toNanos();
    }
  }

  /** Notes a refusal and says how long the topic rests. */
  synchronized Duration refused(String topic, long nanos, boolean brokerTakesOthers) {
    Rest before = rests.get(topic);
    Duration length = SHORTEST;
    if (before != null && brokerTakesOthers) {
      Duration doubled = before.length().multipliedBy(2);
      length = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    }
    rests.put(topic, new Rest(nanos, length));
    return length;
  }

  /** Forgets a topic that took an event. */
  synchronized void accepted(String topic) {
    rests.remove(topic);
  }

  /** The topics to leave alone at this moment. */
  synchronized List<String> at(long nanos) {
    return rests.entrySet().stream()
        .filter(e -> !e.getValue().over(nanos))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** How many topics have refused their last event. */
  synchronized int size() {
    return rests.size();
  }
}
