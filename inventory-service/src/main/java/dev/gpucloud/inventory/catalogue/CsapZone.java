package dev.gpucloud.inventory.catalogue;

import java.util.List;

/** Korea's cloud security zones, from no certificate to the strictest. */
public final class CsapZone {
  public static final List<String> ORDER = List.of("none", "low", "medium", "high");

  private CsapZone() {}

  /** Grows with strictness; a word that is no zone ranks above all, so that nothing meets it. */
  public static int rank(String zone) {
    int rank = ORDER.indexOf(zone);
    return rank < 0 ? ORDER.size() : rank;
  }
}
