package dev.gpucloud.inventory.placement.engine.share;

import java.util.Set;

/**
 * What must be found on one host: CPU in thousandths of a core, memory in MiB, and GPUs. With one
 * GPU, {@code gpuMilli} is the share of it in thousandths; with several, each is taken whole; with
 * none it is 0. An empty set of models allows any.
 */
public record ShareRequest(
    int cpuMilli, int memoryMib, int gpus, int gpuMilli, Set<String> models) {
  /** Thousandths in a whole GPU. */
  public static final int WHOLE = 1000;

  public ShareRequest {
    models = Set.copyOf(models);
    if (cpuMilli < 0 || memoryMib < 0 || gpus < 0 || gpus > ShareHost.MAX_GPUS) {
      throw new IllegalArgumentException("a request needs CPU, memory and 0 to 8 GPUs");
    }
    if (gpus == 1 ? gpuMilli < 1 || gpuMilli > WHOLE : gpuMilli != (gpus == 0 ? 0 : WHOLE)) {
      throw new IllegalArgumentException("one GPU takes a share of 1 to 1000, several are whole");
    }
  }

  /** Thousandths of GPUs asked for in all. */
  public int totalMilli() {
    return gpus * gpuMilli;
  }

  /** Whether it may use a host with GPUs of a model; CPU alone may run anywhere. */
  boolean allows(String model) {
    return gpus == 0 || models.isEmpty() || model.isEmpty() || models.contains(model);
  }

  /** Whether it asks for less than one whole GPU. */
  public boolean sharesGpu() {
    return gpus == 1 && gpuMilli < WHOLE;
  }
}
