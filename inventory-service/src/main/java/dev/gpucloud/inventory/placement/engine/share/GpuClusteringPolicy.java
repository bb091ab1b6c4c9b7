package dev.gpucloud.inventory.placement.engine.share;

/**
 * Keeps requests of one kind (shares, one GPU, two GPUs...) together: hosts with only that kind
 * first, then hosts with it among others, then hosts without GPU requests, then the rest; inside
 * each group the fullest first. Requests without GPUs take the first host.
 */
public record GpuClusteringPolicy() implements ScoredPolicy {
  private static final int GROUP = 25;

  @Override
  public double score(ShareFleet fleet, int host, ShareRequest request) {
    int kind = ShareFleet.kind(request);
    if (kind == 0) {
      return 0;
    }
    int most = ShareHost.MAX_GPUS * ShareRequest.WHOLE;
    int fullness = GROUP * (most - fleet.freeMilli(host)) / most;
    return group(fleet.kinds(host), kind) * GROUP + fullness;
  }

  private static int group(int running, int kind) {
    if ((running & kind) != 0) {
      return running == kind ? 3 : 2;
    }
    return running == 0 ? 1 : 0;
  }
}
