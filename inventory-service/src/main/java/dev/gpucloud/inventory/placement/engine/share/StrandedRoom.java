package dev.gpucloud.inventory.placement.engine.share;

/** How much of a host's free GPU room the demand expected is unlikely to use. */
@FunctionalInterface
interface StrandedRoom {
  /**
   * In thousandths of a GPU, for a host of a model with this CPU and memory left and {@code gpus}
   * GPUs, whose free thousandths stand at the start of {@code free}.
   */
  double milli(int model, int cpuMilli, int memoryMib, int[] free, int gpus);
}
