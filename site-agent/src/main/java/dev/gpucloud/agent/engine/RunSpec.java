package dev.gpucloud.agent.engine;

import dev.gpucloud.contracts.event.RunSetup;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.RunId;
import org.jspecify.annotations.Nullable;

/**
 * What a driver needs to start or release a run. {@code attempt} grows when a failed run is ordered
 * again, {@code generation} when a running one is to be rebooted; {@code slots} is the mask of GPU
 * memory slices.
 */
public record RunSpec(
    RunId runId,
    HostId hostId,
    long attempt,
    String instanceType,
    long slots,
    @Nullable String image,
    long generation,
    @Nullable RunSetup setup) {

  /** A run at its first boot that is given nothing beside its GPUs. */
  public RunSpec(
      RunId runId,
      HostId hostId,
      long attempt,
      String instanceType,
      long slots,
      @Nullable String image) {
    this(runId, hostId, attempt, instanceType, slots, image, 0, null);
  }
}
