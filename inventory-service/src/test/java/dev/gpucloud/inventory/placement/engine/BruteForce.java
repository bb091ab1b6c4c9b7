package dev.gpucloud.inventory.placement.engine;

import java.util.ArrayList;
import java.util.List;

/** Every slot that could be taken, found without any index: the yardstick of the engine. */
final class BruteForce {
  private BruteForce() {}

  static List<Slot> slots(List<HostSlots> hosts, GpuGeometry geometry, Shape shape) {
    List<Slot> slots = new ArrayList<>();
    for (HostSlots host : hosts) {
      if (host.open()
          && host.freeVcpus() >= shape.vcpus()
          && host.freeMemoryGib() >= shape.memoryGib()) {
        for (long mask : masks(shape, geometry.memorySlices())) {
          if ((host.freeMask() & mask) == mask) {
            slots.add(new Slot(host.id(), mask, shape.vcpus(), shape.memoryGib()));
          }
        }
      }
    }
    return slots;
  }

  private static List<Long> masks(Shape shape, int memorySlices) {
    List<Long> masks = new ArrayList<>();
    MigProfile profile = shape.profile();
    if (profile == null) {
      for (int subset = 1; subset < 256; subset++) {
        if (Integer.bitCount(subset) == shape.gpus()) {
          long mask = 0;
          for (int gpu = 0; gpu < 8; gpu++) {
            mask |= (subset >> gpu & 1) == 1 ? 0xFFL << 8 * gpu : 0;
          }
          masks.add(mask);
        }
      }
      return masks;
    }
    int bitsPerSlice = 8 / memorySlices;
    for (int gpu = 0; gpu < 8; gpu++) {
      for (int start : profile.starts()) {
        long mask = 0;
        for (int slice = start; slice < start + profile.memorySlices(); slice++) {
          for (int bit = 0; bit < bitsPerSlice; bit++) {
            mask |= 1L << (8 * gpu + slice * bitsPerSlice + bit);
          }
        }
        masks.add(mask);
      }
    }
    return masks;
  }
}
