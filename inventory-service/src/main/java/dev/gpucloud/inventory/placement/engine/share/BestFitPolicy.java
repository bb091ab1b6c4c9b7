package dev.gpucloud.inventory.placement.engine.share;

/**
 * Prefers the host that is left with the least: in whole per cents, one minus the mean of the CPU
 * and the GPU room left over, each against a host of 128 cores and 8 GPUs.
 */
public record BestFitPolicy() implements ScoredPolicy {
  @Override
  public double score(ShareFleet fleet, int host, ShareRequest request) {
    double cpu = (fleet.cpuMilli(host) - request.cpuMilli()) / DotProductPolicy.MOST_CPU_MILLI;
    double gpu = (fleet.freeMilli(host) - request.totalMilli()) / DotProductPolicy.MOST_GPU_MILLI;
    return (int) (100 * (1 - (cpu * 0.5 + gpu * 0.5)));
  }
}
