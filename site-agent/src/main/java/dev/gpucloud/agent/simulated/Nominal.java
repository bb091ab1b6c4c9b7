package dev.gpucloud.agent.simulated;

import java.util.Map;

/** What a GPU of a model reaches in a good burn-in: TFLOPS dense BF16, memory and NCCL in GB/s. */
record Nominal(double gemmTflops, double memoryGbPerSecond, double ncclBusGbPerSecond) {
  private static final Map<String, Nominal> MODELS =
      Map.of(
          "b200-sxm-180g", new Nominal(1700, 7200, 670),
          "gb200-nvl72-186g", new Nominal(1850, 7400, 680),
          "h200-sxm-141g", new Nominal(760, 4400, 460),
          "h100-sxm-80g", new Nominal(740, 3000, 455),
          "rtxpro6000-96g", new Nominal(380, 1550, 26));
  private static final Nominal OTHER = new Nominal(500, 2000, 50);

  static Nominal of(String model) {
    return MODELS.getOrDefault(model, OTHER);
  }
}
