package dev.gpucloud.inventory.placement.engine.share;

/**
 * One host as it is bought: CPU in thousandths of a core, memory in MiB, up to {@link #MAX_GPUS}
 * GPUs of one model. A blank model takes requests for any model.
 */
public record ShareHost(String name, String model, int cpuMilli, int memoryMib, int gpus) {
  /** The most GPUs a host may have. */
  public static final int MAX_GPUS = 8;

  public ShareHost {
    if (cpuMilli < 0 || memoryMib < 0 || gpus < 0 || gpus > MAX_GPUS) {
      throw new IllegalArgumentException("host " + name + " has impossible room");
    }
  }
}
