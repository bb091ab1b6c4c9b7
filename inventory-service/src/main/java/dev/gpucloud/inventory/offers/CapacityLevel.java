package dev.gpucloud.inventory.offers;

/** How much is left, in a word. */
public enum CapacityLevel {
  /** Nothing. */
  NONE,
  /** Less than 10 % of what there is. */
  LOW,
  /** Less than 40 %. */
  MEDIUM,
  HIGH;

  static CapacityLevel of(long free, long total) {
    if (free == 0) {
      return NONE;
    }
    return 10 * free < total ? LOW : 10 * free < 4 * total ? MEDIUM : HIGH;
  }
}
