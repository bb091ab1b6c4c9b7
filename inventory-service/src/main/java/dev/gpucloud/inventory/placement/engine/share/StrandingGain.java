package dev.gpucloud.inventory.placement.engine.share;

/**
 * What a placement does to the stranded room of a host, graded in whole points from 0 to 99: 50
 * when nothing changes, more when room that nobody could use is filled, less when room is cut off.
 * The grade is {@code 100 / (1 + e^-x)} with x in GPUs, cut to whole points (Weng et al.): hosts
 * that differ by less than about 40 thousandths are equals, of which the first is taken, and that
 * keeps the rest of the fleet whole.
 */
final class StrandingGain {
  private static final double ROUNDING = 1e-6;

  private final StrandedRoom stranded;
  private final int[] free = new int[ShareHost.MAX_GPUS];
  private int bestGpu;

  StrandingGain(StrandedRoom stranded) {
    this.stranded = stranded;
  }

  /** The grade of the host; a share is tried on each of its GPUs. */
  int grade(ShareFleet fleet, int host, ShareRequest request) {
    int gpus = fleet.gpus(host);
    for (int gpu = 0; gpu < gpus; gpu++) {
      free[gpu] = fleet.freeMilli(host, gpu);
    }
    double before =
        stranded.milli(fleet.model(host), fleet.cpuMilli(host), fleet.memoryMib(host), free, gpus);
    if (request.sharesGpu()) {
      return gradeOfShare(fleet, host, request, before);
    }
    int wanted = request.gpus();
    for (int gpu = 0; wanted > 0; gpu++) {
      if (free[gpu] == ShareRequest.WHOLE) {
        free[gpu] = 0;
        wanted--;
      }
    }
    return points(before - after(fleet, host, request));
  }

  /** The GPU on which the share had its grade: the first of the best. */
  int gpuFor(ShareFleet fleet, int host, ShareRequest request) {
    grade(fleet, host, request);
    return bestGpu;
  }

  private int gradeOfShare(ShareFleet fleet, int host, ShareRequest request, double before) {
    int best = -1;
    for (int gpu = 0; gpu < fleet.gpus(host); gpu++) {
      if (free[gpu] >= request.gpuMilli() && !seenBefore(gpu)) {
        free[gpu] -= request.gpuMilli();
        int points = points(before - after(fleet, host, request));
        free[gpu] += request.gpuMilli();
        if (points > best) {
          best = points;
          bestGpu = gpu;
        }
      }
    }
    return best;
  }

  private boolean seenBefore(int gpu) {
    for (int earlier = 0; earlier < gpu; earlier++) {
      if (free[earlier] == free[gpu]) {
        return true;
      }
    }
    return false;
  }

  private double after(ShareFleet fleet, int host, ShareRequest request) {
    return stranded.milli(
        fleet.model(host),
        fleet.cpuMilli(host) - request.cpuMilli(),
        fleet.memoryMib(host) - request.memoryMib(),
        free,
        fleet.gpus(host));
  }

  static int points(double gainMilli) {
    return (int) (100 / (1 + Math.exp(-gainMilli / ShareRequest.WHOLE)) + ROUNDING);
  }
}
