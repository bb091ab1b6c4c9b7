package dev.gpucloud.inventory.placement.engine.share;

/**
 * A policy that scores hosts: the highest score wins, the first host of the fleet among equals. A
 * score depends on nothing but the host's room and the request, so that it may be kept until the
 * host changes.
 */
public sealed interface ScoredPolicy extends SharePolicy
    permits BestFitPolicy,
        DotProductPolicy,
        FragmentationPolicy,
        GpuClusteringPolicy,
        GpuPackingPolicy,
        ReachPolicy {
  /** The score of a host that has room for the request. */
  double score(ShareFleet fleet, int host, ShareRequest request);

  /** Which GPU of the host takes a share: the tightest, unless the policy knows better. */
  default int gpuFor(ShareFleet fleet, int host, ShareRequest request) {
    return fleet.tightestGpu(host, request.gpuMilli());
  }
}
