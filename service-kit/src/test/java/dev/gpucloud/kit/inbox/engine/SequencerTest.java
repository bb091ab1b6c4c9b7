package dev.gpucloud.kit.inbox.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.kit.inbox.engine.Sequencer.Entry;
import dev.gpucloud.kit.inbox.engine.Sequencer.Plan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequencerTest {
  private static Entry<String> entry(String stream, long sequence, String event) {
    return new Entry<>(stream, sequence, event);
  }

  @Test
  void letsWhatFollowsTakeEffectInItsOrder() {
    var first = entry("a", 1, "a1");
    var second = entry("a", 2, "a2");
    var other = entry("b", 4, "b4");

    Plan<String> plan = Sequencer.plan(Map.of("b", 3L), List.of(), List.of(first, other, second));

    assertThat(plan.apply()).containsExactly(first, other, second);
    assertThat(plan.positions()).isEqualTo(Map.of("a", 2L, "b", 4L));
    assertThat(plan.park()).isEmpty();
    assertThat(plan.used()).isEmpty();
  }

  @Test
  void parksWhatFollowsAHole() {
    var third = entry("a", 3, "a3");
    Plan<String> plan = Sequencer.plan(Map.of(), List.of(), List.of(third));

    assertThat(plan.apply()).isEmpty();
    assertThat(plan.park()).containsExactly(third);
    assertThat(plan.positions()).isEqualTo(Map.of("a", 0L));
  }

  @Test
  void drainsWhatWaitedWhenTheHoleCloses() {
    var third = entry("a", 3, "a3");
    var fifth = entry("a", 5, "a5");
    var second = entry("a", 2, "a2");
    var fourth = entry("a", 4, "a4");

    Plan<String> plan =
        Sequencer.plan(Map.of("a", 1L), List.of(third, fifth), List.of(fourth, second));

    assertThat(plan.apply()).containsExactly(second, third, fourth, fifth);
    assertThat(plan.unparked()).containsExactly(third, fifth);
    assertThat(plan.park()).isEmpty();
    assertThat(plan.positions()).isEqualTo(Map.of("a", 5L));
  }

  @Test
  void aSequenceIsUsedOnce() {
    var first = entry("a", 1, "a1");
    var again = entry("a", 1, "another");
    var third = entry("a", 3, "a3");
    var thirdAgain = entry("a", 3, "another");
    var parkedFifth = entry("a", 5, "a5");
    var fifth = entry("a", 5, "another");

    Plan<String> plan =
        Sequencer.plan(
            Map.of(), List.of(parkedFifth), List.of(first, again, third, thirdAgain, fifth));

    assertThat(plan.apply()).containsExactly(first);
    assertThat(plan.park()).containsExactly(third);
    assertThat(plan.used()).containsExactly(again, thirdAgain, fifth);
  }

  /** Cut into batches anyhow and in any order, each stream takes effect as 1..n. */
  @Test
  void inAnyOrderAndAnyBatchesTheEffectIsTheSame() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      List<Entry<String>> all = new ArrayList<>();
      for (String stream : List.of("a", "b", "c")) {
        for (int n = 1; n <= 1 + random.nextInt(12); n++) {
          all.add(entry(stream, n, stream + n));
        }
      }
      List<Entry<String>> expected = List.copyOf(all);
      Collections.shuffle(all, random);

      Map<String, Long> positions = new HashMap<>();
      List<Entry<String>> parked = new ArrayList<>();
      List<Entry<String>> applied = new ArrayList<>();
      while (!all.isEmpty()) {
        List<Entry<String>> batch = all.subList(0, 1 + random.nextInt(all.size()));
        Plan<String> plan = Sequencer.plan(positions, parked, List.copyOf(batch));
        batch.clear();
        applied.addAll(plan.apply());
        parked.removeAll(plan.unparked());
        parked.addAll(plan.park());
        positions.putAll(plan.positions());
        assertThat(plan.used()).isEmpty();
      }

      assertThat(parked).isEmpty();
      for (String stream : List.of("a", "b", "c")) {
        assertThat(applied.stream().filter(e -> e.stream().equals(stream)))
            .as("seed %d", seed)
            .containsExactlyElementsOf(
                expected.stream().filter(e -> e.stream().equals(stream)).toList());
      }
    }
  }
}
