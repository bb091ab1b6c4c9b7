package dev.gpucloud.inventory.placement.engine.share;

import java.util.Arrays;
import java.util.List;

/**
 * Our default: takes the host (and GPU) on which the room that the expected demand can still reach
 * shrinks least. Like fragmentation gradient descent, but room counts fully only as far as the
 * host's CPU <em>and memory</em> could feed it: for each shape, GPU room beyond what the CPU or
 * memory left could serve in requests of that shape is discounted. So a request that would strand
 * GPUs behind a lack of CPU, long before the last core is gone, costs something at once.
 */
public final class ReachPolicy implements ScoredPolicy {
  /** How much unfed room is discounted: other, lighter shapes may still use it. */
  private static final double UNFED_DISCOUNT = 0.4;

  /** Shapes looked at per decision, so that its cost has a limit. */
  public static final int MOST_SHAPES = 96;

  private final StrandingGain gain;

  public ReachPolicy(ShareFleet fleet, ShareDemand demand) {
    this.gain = new StrandingGain(beyondReach(fleet, demand));
  }

  static StrandedRoom beyondReach(ShareFleet fleet, ShareDemand demand) {
    Reach[] byModel = new Reach[fleet.models().size()];
    double all =
        demand.shapes().stream()
            .filter(shape -> shape.request().gpus() > 0)
            .mapToDouble(ShareDemand.Shape::chance)
            .sum();
    Arrays.setAll(byModel, model -> new Reach(demand.usableOn(fleet.models().get(model)), all));
    return (model, cpuMilli, memoryMib, free, gpus) ->
        byModel[model].missedMilli(cpuMilli, memoryMib, free, gpus);
  }

  @Override
  public double score(ShareFleet fleet, int host, ShareRequest request) {
    return gain.grade(fleet, host, request);
  }

  @Override
  public int gpuFor(ShareFleet fleet, int host, ShareRequest request) {
    return gain.gpuFor(fleet, host, request);
  }

  /** The shapes that may use one model, in arrays. */
  private static final class Reach {
    private final int[] rooms;
    private final int[] roomOfShape;
    private final int[] gpus;
    private final int[] cpuMilli;
    private final int[] memoryMib;
    private final double[] milliPerCpu;
    private final double[] milliPerMemory;
    private final double[] chance;
    private final int[] usable;
    private final int[] count;

    /** {@code all} is the chance that a request wants a GPU of any model. */
    Reach(List<ShareDemand.Shape> shapes, double all) {
      int n = shapes.size();
      rooms = shapes.stream().mapToInt(s -> s.request().gpuMilli()).distinct().sorted().toArray();
      usable = new int[rooms.length];
      count = new int[rooms.length];
      roomOfShape = new int[n];
      gpus = new int[n];
      cpuMilli = new int[n];
      memoryMib = new int[n];
      milliPerCpu = new double[n];
      milliPerMemory = new double[n];
      chance = new double[n];
      for (int at = 0; at < n; at++) {
        ShareRequest request = shapes.get(at).request();
        roomOfShape[at] = Arrays.binarySearch(rooms, request.gpuMilli());
        gpus[at] = request.gpus();
        cpuMilli[at] = request.cpuMilli();
        memoryMib[at] = request.memoryMib();
        milliPerCpu[at] = (double) request.totalMilli() / Math.max(1, request.cpuMilli());
        milliPerMemory[at] = (double) request.totalMilli() / Math.max(1, request.memoryMib());
        chance[at] = shapes.get(at).chance() / all;
      }
    }

    double missedMilli(int cpuLeft, int memoryLeft, int[] free, int gpuCount) {
      int total = sumUp(free, gpuCount);
      double reached = 0;
      for (int at = 0; at < chance.length; at++) {
        int room = roomOfShape[at];
        if (cpuLeft >= cpuMilli[at] && memoryLeft >= memoryMib[at] && count[room] >= gpus[at]) {
          double fed = Math.min(cpuLeft * milliPerCpu[at], memoryLeft * milliPerMemory[at]);
          double unfed = Math.max(0, usable[room] - fed);
          reached += chance[at] * (usable[room] - UNFED_DISCOUNT * unfed);
        }
      }
      return total - reached;
    }

    /** By size of share: how many GPUs have room for it, and how much room they have. */
    private int sumUp(int[] free, int gpuCount) {
      Arrays.fill(usable, 0);
      Arrays.fill(count, 0);
      int total = 0;
      for (int gpu = 0; gpu < gpuCount; gpu++) {
        int room = free[gpu];
        total += room;
        for (int level = 0; level < rooms.length && rooms[level] <= room; level++) {
          usable[level] += room;
          count[level]++;
        }
      }
      return total;
    }
  }
}
