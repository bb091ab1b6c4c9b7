package dev.gpucloud.inventory.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.placement.engine.GpuBits;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A host with what is free on it. {@code freeSlots} is its mask in hex: a byte per GPU, GPU 0 last,
 * a bit per eighth.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HostView(
    HostId id,
    String name,
    String serial,
    String site,
    String hall,
    String fabric,
    String rack,
    String model,
    String delivery,
    String state,
    @Nullable String stateReason,
    int gpus,
    int gpusFree,
    String freeSlots,
    int vcpus,
    int vcpusFree,
    int memoryGib,
    int memoryGibFree,
    @Nullable Instant lastSeenAt,
    long version) {

  static HostView of(HostEntity h) {
    return new HostView(
        new HostId(h.id),
        h.name,
        h.serial,
        h.siteId,
        h.hallId,
        h.fabricId,
        h.rackId,
        h.modelId,
        h.deliveryId,
        h.state,
        h.stateReason,
        h.gpus,
        Integer.bitCount(GpuBits.wholeGpus(h.freeMask)),
        "%016x".formatted(h.freeMask),
        h.vcpus,
        h.freeVcpus,
        h.memoryGib,
        h.freeMemoryGib,
        h.lastSeenAt,
        h.version);
  }
}
