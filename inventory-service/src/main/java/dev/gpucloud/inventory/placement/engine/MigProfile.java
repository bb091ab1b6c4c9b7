package dev.gpucloud.inventory.placement.engine;

import java.util.List;

/**
 * A slice of a GPU as its vendor offers it: how many memory and compute slices it takes and at
 * which memory slices it may start.
 */
public record MigProfile(
    String name, int memorySlices, int computeSlices, List<Integer> starts, int bitsPerSlice) {
  public MigProfile {
    starts = List.copyOf(starts);
  }

  /** How many of it one empty GPU takes. */
  int mostPerGpu() {
    int most = 0;
    int free = 0;
    for (int start : starts.stream().sorted().toList()) {
      if (start >= free) {
        most++;
        free = start + memorySlices;
      }
    }
    return most;
  }

  /** Bits of a GPU's byte it takes, in eighths of the GPU. */
  public int bits() {
    return memorySlices * bitsPerSlice;
  }
}
