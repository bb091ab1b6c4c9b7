package dev.gpucloud.kit.inbox.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.kit.inbox.engine.Sequencer.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatestTest {
  private static Entry<String> entry(String stream, long sequence) {
    return new Entry<>(stream, sequence, stream + sequence);
  }

  @Test
  void ofEachStreamTheHighestTakesEffect() {
    var plan = Latest.plan(Map.of("a", 3L), List.of(entry("a", 5), entry("b", 1), entry("a", 4)));

    assertThat(plan.apply()).containsExactly(entry("a", 5), entry("b", 1));
    assertThat(plan.late()).containsExactly(entry("a", 4));
    assertThat(plan.positions()).containsOnly(Map.entry("a", 5L), Map.entry("b", 1L));
  }

  @Test
  void whatIsKnownIsLate() {
    var plan = Latest.plan(Map.of("a", 3L), List.of(entry("a", 3), entry("a", 2)));

    assertThat(plan.apply()).isEmpty();
    assertThat(plan.late()).containsExactly(entry("a", 3), entry("a", 2));
    assertThat(plan.positions()).isEmpty();
  }

  /** Cut into batches anyhow and in any order, each stream ends at its last event. */
  @Test
  void inAnyOrderAndAnyBatchesTheLastEventStands() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      var expected = new HashMap<String, String>();
      List<Entry<String>> all = new ArrayList<>();
      for (String stream : List.of("a", "b", "c")) {
        for (int n = 1; n <= 1 + random.nextInt(12); n++) {
          all.add(entry(stream, n));
          expected.put(stream, stream + n);
        }
      }
      Collections.shuffle(all, random);

      Map<String, Long> positions = new HashMap<>();
      Map<String, String> state = new HashMap<>();
      while (!all.isEmpty()) {
        List<Entry<String>> batch = all.subList(0, 1 + random.nextInt(all.size()));
        Latest.Plan<String> plan = Latest.plan(positions, List.copyOf(batch));
        batch.clear();
        plan.apply().forEach(e -> state.put(e.stream(), e.event()));
        positions.putAll(plan.positions());
      }

      assertThat(state).as("seed %d", seed).isEqualTo(expected);
    }
  }
}
