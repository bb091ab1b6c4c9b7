package dev.gpucloud.inventory.quota;

import java.math.BigDecimal;

/** Slices (eighths of a GPU) shown as GPUs with a fraction. */
public final class GpuCount {
  private static final BigDecimal SLICES_PER_GPU = BigDecimal.valueOf(8);

  private GpuCount() {}

  /** Exact: 12 slices are 1.5 GPUs. */
  public static BigDecimal ofSlices(long slices) {
    BigDecimal gpus = BigDecimal.valueOf(slices).divide(SLICES_PER_GPU).stripTrailingZeros();
    return gpus.scale() < 0 ? gpus.setScale(0) : gpus;
  }
}
