package dev.gpucloud.verifier;

import java.util.List;

/**
 * What recomputing an invoice came to: the total it should have, in whole won, every place where it
 * differs, and every line that could not be judged and was counted as it stands.
 */
public record Report(String expectedTotal, List<String> differences, List<String> unjudged) {
  public Report {
    differences = List.copyOf(differences);
    unjudged = List.copyOf(unjudged);
  }

  Report(String expectedTotal, List<String> differences) {
    this(expectedTotal, differences, List.of());
  }

  /** True when nothing differs. */
  public boolean matches() {
    return differences.isEmpty();
  }
}
