package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;

/**
 * A host as placement sees it. {@code name} orders hosts, so that the same fleet gives the same
 * decisions however it was read. {@code open} is false when the host takes nothing new.
 */
public record HostSlots(
    HostId id,
    String name,
    boolean open,
    int gpus,
    long freeMask,
    int vcpus,
    int memoryGib,
    int freeVcpus,
    int freeMemoryGib) {
  public HostSlots {
    if (gpus < 1 || gpus > 8) {
      throw new IllegalArgumentException("a host has 1 to 8 GPUs, not " + gpus);
    }
    if ((freeMask & ~GpuBits.full(gpus)) != 0) {
      throw new IllegalArgumentException("the free mask of " + name + " names GPUs it lacks");
    }
  }

  /** A host with nothing on it. */
  public static HostSlots empty(HostId id, String name, int gpus, int vcpus, int memoryGib) {
    return new HostSlots(
        id, name, true, gpus, GpuBits.full(gpus), vcpus, memoryGib, vcpus, memoryGib);
  }
}
