package dev.gpucloud.systemtests.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/** Choices of one request: the same for the same seed and number, whatever was made before. */
final class Dice {
  private final SplittableRandom random;

  Dice(long seed, long number) {
    this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number * 0xBF58476D1CE4E5B9L);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean percent(int chance) {
    return below(100) < chance;
  }

  <T> T of(List<T> choices) {
    return choices.get(below(choices.size()));
  }

  /** A UUID of version 7 that nothing has. */
  String uuid() {
    String hex = "%016x%016x".formatted(random.nextLong(), random.nextLong());
    return "%s-%s-7%s-8%s-%s"
        .formatted(
            hex.substring(0, 8),
            hex.substring(8, 12),
            hex.substring(13, 16),
            hex.substring(17, 20),
            hex.substring(20));
  }
}
