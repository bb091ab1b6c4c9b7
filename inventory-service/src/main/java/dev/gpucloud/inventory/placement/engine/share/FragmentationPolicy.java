package dev.gpucloud.inventory.placement.engine.share;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Fragmentation gradient descent: takes the host (and GPU) on which the expected fragmentation
 * grows least. A free GPU counts as a fragment for a shape when the host lacks the CPU, the model
 * or enough GPUs for it, or this GPU has less room than the share; memory is not looked at (Weng et
 * al., "Beware of Fragmentation", USENIX ATC 2023).
 */
public final class FragmentationPolicy implements ScoredPolicy {
  private final StrandingGain gain;

  public FragmentationPolicy(ShareFleet fleet, ShareDemand demand) {
    this.gain = new StrandingGain(fragmentation(fleet, demand));
  }

  static StrandedRoom fragmentation(ShareFleet fleet, ShareDemand demand) {
    Map<List<ShareDemand.Shape>, Fragments> known = new HashMap<>();
    Fragments[] byModel = new Fragments[fleet.models().size()];
    for (int model = 0; model < byModel.length; model++) {
      byModel[model] =
          known.computeIfAbsent(demand.usableOn(fleet.models().get(model)), Fragments::new);
    }
    return (model, cpuMilli, memoryMib, free, gpus) -> byModel[model].milli(cpuMilli, free, gpus);
  }

  @Override
  public double score(ShareFleet fleet, int host, ShareRequest request) {
    return gain.grade(fleet, host, request);
  }

  @Override
  public int gpuFor(ShareFleet fleet, int host, ShareRequest request) {
    return gain.gpuFor(fleet, host, request);
  }

  /**
   * The shapes that may use one model, summed up: by CPU left and room of a GPU, the chance that
   * the next request can use that GPU. An evaluation looks up one number per GPU.
   */
  private static final class Fragments {
    private final int[] cpuSteps;
    private final int[] levelOfRoom = new int[ShareRequest.WHOLE + 1];
    private final double[][] one;
    private final double[][] several;

    Fragments(List<ShareDemand.Shape> shapes) {
      cpuSteps =
          shapes.stream().mapToInt(s -> s.request().cpuMilli()).distinct().sorted().toArray();
      int[] rooms =
          shapes.stream()
              .filter(s -> s.request().gpus() == 1)
              .mapToInt(s -> s.request().gpuMilli())
              .distinct()
              .sorted()
              .toArray();
      for (int room = 0; room <= ShareRequest.WHOLE; room++) {
        levelOfRoom[room] = countUpTo(rooms, room);
      }
      one = new double[cpuSteps.length + 1][rooms.length + 1];
      several = new double[cpuSteps.length + 1][ShareHost.MAX_GPUS + 1];
      shapes.forEach(this::add);
      accumulate(one);
      accumulate(several);
    }

    private void add(ShareDemand.Shape shape) {
      ShareRequest request = shape.request();
      int rank = countUpTo(cpuSteps, request.cpuMilli());
      if (request.gpus() == 1) {
        one[rank][levelOfRoom[request.gpuMilli()]] += shape.chance();
      } else {
        several[rank][request.gpus()] += shape.chance();
      }
    }

    /** Turns chances into chances of "at most this CPU and this room". */
    private static void accumulate(double[][] chances) {
      for (int row = 0; row < chances.length; row++) {
        for (int column = 0; column < chances[row].length; column++) {
          double left = column == 0 ? 0 : chances[row][column - 1];
          double above = row == 0 ? 0 : chances[row - 1][column];
          double both = row == 0 || column == 0 ? 0 : chances[row - 1][column - 1];
          chances[row][column] += left + above - both;
        }
      }
    }

    double milli(int cpuMilli, int[] free, int gpus) {
      int rank = countUpTo(cpuSteps, cpuMilli);
      double[] usable = one[rank];
      double fragments = 0;
      int whole = 0;
      for (int gpu = 0; gpu < gpus; gpu++) {
        int room = free[gpu];
        whole += room == ShareRequest.WHOLE ? 1 : 0;
        fragments += room * (1 - usable[levelOfRoom[room]]);
      }
      return fragments - whole * ShareRequest.WHOLE * several[rank][whole];
    }

    /** How many of the sorted numbers are not above the limit. */
    private static int countUpTo(int[] sorted, int limit) {
      int at = Arrays.binarySearch(sorted, limit);
      return at >= 0 ? at + 1 : -at - 1;
    }
  }
}
