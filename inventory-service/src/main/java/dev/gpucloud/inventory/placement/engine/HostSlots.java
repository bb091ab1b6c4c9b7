package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import java.util.List;

/**
 * A host as placement sees it. {@code location} and {@code name} order hosts, so that the same
 * fleet gives the same decisions however it was read. {@code open} is false when the host takes
 * nothing new; {@code marks} are those of the slots that are held on it.
 */
public record HostSlots(
    HostId id,
    String name,
    Location location,
    boolean open,
    int gpus,
    long freeMask,
    int vcpus,
    int memoryGib,
    int freeVcpus,
    int freeMemoryGib,
    List<Mark> marks) {
  public HostSlots {
    marks = List.copyOf(marks);
    if (gpus < 1 || gpus > 8) {
      throw new IllegalArgumentException("a host has 1 to 8 GPUs, not " + gpus);
    }
    if ((freeMask & ~GpuBits.full(gpus)) != 0) {
      throw new IllegalArgumentException("the free mask of " + name + " names GPUs it lacks");
    }
  }

  /** One on which nothing is marked. */
  public HostSlots(
      HostId id,
      String name,
      Location location,
      boolean open,
      int gpus,
      long freeMask,
      int vcpus,
      int memoryGib,
      int freeVcpus,
      int freeMemoryGib) {
    this(
        id,
        name,
        location,
        open,
        gpus,
        freeMask,
        vcpus,
        memoryGib,
        freeVcpus,
        freeMemoryGib,
        List.of());
  }

  /** The same with marks of what is held on it. */
  public HostSlots marked(List<Mark> with) {
    return new HostSlots(
        id, name, location, open, gpus, freeMask, vcpus, memoryGib, freeVcpus, freeMemoryGib, with);
  }

  /** A host with nothing on it, wherever it stands. */
  public static HostSlots empty(HostId id, String name, int gpus, int vcpus, int memoryGib) {
    return empty(id, name, Location.UNKNOWN, gpus, vcpus, memoryGib);
  }

  /** A host with nothing on it. */
  public static HostSlots empty(
      HostId id, String name, Location location, int gpus, int vcpus, int memoryGib) {
    long mask = GpuBits.full(gpus);
    return new HostSlots(id, name, location, true, gpus, mask, vcpus, memoryGib, vcpus, memoryGib);
  }
}
