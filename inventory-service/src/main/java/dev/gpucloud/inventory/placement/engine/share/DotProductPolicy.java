package dev.gpucloud.inventory.placement.engine.share;

/**
 * Prefers hosts whose free room points least in the direction of the request: in whole per cents,
 * one minus the mean over CPU and GPU of (free x asked), each against a host of 128 cores and 8
 * GPUs (Tetris, Grandl et al., SIGCOMM 2014, in the form of Weng et al., USENIX ATC 2023).
 */
public record DotProductPolicy() implements ScoredPolicy {
  static final double MOST_CPU_MILLI = 128_000;
  static final double MOST_GPU_MILLI = ShareHost.MAX_GPUS * ShareRequest.WHOLE;

  @Override
  public double score(ShareFleet fleet, int host, ShareRequest request) {
    double cpu = fleet.cpuMilli(host) / MOST_CPU_MILLI * (request.cpuMilli() / MOST_CPU_MILLI);
    double gpu = fleet.freeMilli(host) / MOST_GPU_MILLI * (request.totalMilli() / MOST_GPU_MILLI);
    return (int) (100 * (1 - (cpu + gpu) / 2));
  }
}
