package dev.gpucloud.cli;

import dev.gpucloud.contracts.text.EditDistance;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What somebody may have meant who typed another word. */
final class Nearest {
  private static final int MOST_NAMED = 3;
  private static final int LETTERS_FOR_A_SLIP = 3;

  private Nearest() {}

  /** Those that a slip in every three letters makes of the word, the nearest first. */
  static List<String> to(String typed, Collection<String> known) {
    int slips = Math.max(1, typed.length() / LETTERS_FOR_A_SLIP);
    return known.stream()
        .filter(word -> EditDistance.between(typed, word) <= slips)
        .sorted(
            Comparator.comparingInt((String word) -> EditDistance.between(typed, word))
                .thenComparing(Comparator.naturalOrder()))
        .limit(MOST_NAMED)
        .toList();
  }
}
