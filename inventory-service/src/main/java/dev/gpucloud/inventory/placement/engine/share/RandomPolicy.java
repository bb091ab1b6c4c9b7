package dev.gpucloud.inventory.placement.engine.share;

import java.util.random.RandomGenerator;

/** Any host with room, and on it any GPU with room, with equal chances. */
public record RandomPolicy(RandomGenerator random) implements SharePolicy {
  int gpuFor(ShareFleet fleet, int host, ShareRequest request) {
    int chosen = -1;
    int seen = 0;
    for (int gpu = 0; gpu < fleet.gpus(host); gpu++) {
      if (fleet.freeMilli(host, gpu) >= request.gpuMilli() && random.nextInt(++seen) == 0) {
        chosen = gpu;
      }
    }
    return chosen;
  }
}
