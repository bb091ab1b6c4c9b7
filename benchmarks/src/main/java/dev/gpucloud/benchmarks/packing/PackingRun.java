package dev.gpucloud.benchmarks.packing;

import dev.gpucloud.inventory.placement.engine.share.ShareFleet;
import dev.gpucloud.inventory.placement.engine.share.SharePacker;
import dev.gpucloud.inventory.placement.engine.share.SharePolicyKind;
import dev.gpucloud.inventory.placement.engine.share.ShareRequest;
import java.util.Random;

/**
 * One policy on one seed. {@code allocatedPct} at index p is the share of the fleet's GPUs given
 * away, in per cent, when requests worth p per cent of them had arrived; {@code seconds} is the
 * time from the empty fleet to the last decision.
 */
record PackingRun(SharePolicyKind policy, long seed, double[] allocatedPct, double seconds) {
  static PackingRun of(Trace trace, SharePolicyKind policy, long seed, int arrivalsPct) {
    Arrivals arrivals = Arrivals.of(trace, arrivalsPct, seed);
    long begun = System.nanoTime();
    ShareFleet fleet = new ShareFleet(arrivals.hosts());
    SharePacker packer =
        new SharePacker(fleet, policy.create(fleet, trace.requests(), new Random(~seed)));
    double[] allocated = new double[arrivalsPct + 1];
    long total = fleet.totalMilli();
    long arrived = 0;
    int pct = 0;
    for (ShareRequest request : arrivals.requests()) {
      arrived += request.totalMilli();
      while (pct < arrivalsPct && arrived * 100 > pct * total) {
        allocated[pct++] = 100.0 * fleet.allocatedMilli() / total;
      }
      packer.place(request);
    }
    while (pct <= arrivalsPct) {
      allocated[pct++] = 100.0 * fleet.allocatedMilli() / total;
    }
    return new PackingRun(policy, seed, allocated, (System.nanoTime() - begun) / 1e9);
  }
}
