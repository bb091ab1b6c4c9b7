package dev.gpucloud.verifier;

import java.util.List;

/**
 * What recomputing an invoice came to: the total it should have, in whole won, and every place
 * where it differs.
 */
public record Report(String expectedTotal, List<String> differences) {
  public Report {
    differences = List.copyOf(differences);
  }

  /** True when nothing differs. */
  public boolean matches() {
    return differences.isEmpty();
  }
}
