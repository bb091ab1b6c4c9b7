package dev.gpucloud.inventory.placement.engine.share;

/**
 * Fills GPUs that are already shared, tightest first; then whole GPUs of hosts in use, then those
 * of idle hosts, smallest first. Requests without GPUs take the first host.
 */
public record GpuPackingPolicy() implements ScoredPolicy {
  private static final int SHARED = 100;
  private static final int HOST_IN_USE = 50;
  private static final int IDLE_HOST = 33;

  @Override
  public double score(ShareFleet fleet, int host, ShareRequest request) {
    if (request.gpus() == 0) {
      return 0;
    }
    int whole = fleet.wholeGpus(host);
    if (whole == fleet.gpus(host)) {
      return Math.max(IDLE_HOST - whole, whole);
    }
    int free =
        request.sharesGpu()
            ? fleet.freeMilli(host, fleet.tightestGpu(host, request.gpuMilli()))
            : ShareRequest.WHOLE;
    if (free == ShareRequest.WHOLE) {
      return Math.max(HOST_IN_USE - request.gpus(), IDLE_HOST);
    }
    return Math.max(SHARED - free * 100 / ShareRequest.WHOLE / 10, HOST_IN_USE);
  }
}
