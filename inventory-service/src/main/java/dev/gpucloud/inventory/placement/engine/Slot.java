package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import org.jspecify.annotations.Nullable;

/**
 * What a decision takes from one host: slices, processors, memory; and what it means to those that
 * come after it.
 */
public record Slot(HostId host, long mask, int vcpus, int memoryGib, @Nullable Mark mark) {
  /** One that means nothing to others. */
  public Slot(HostId host, long mask, int vcpus, int memoryGib) {
    this(host, mask, vcpus, memoryGib, null);
  }
}
