package dev.gpucloud.inventory.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.placement.engine.GpuBits;
import dev.gpucloud.inventory.topology.Labels;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A host with what is free on it. {@code freeSlots} is its mask in hex: a byte per GPU, GPU 0 last,
 * a bit per eighth; what is out of service is not free, and {@code badSlots} names it the same way.
 * {@code stateBefore} is what a drain or a maintenance goes back to. A host with {@code
 * unreachableSince} is not heard of and takes nothing new, whatever its state.
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
    @Nullable String stateBefore,
    @Nullable String stateReason,
    int gpus,
    int gpusFree,
    String freeSlots,
    @Nullable String badSlots,
    int vcpus,
    int vcpusFree,
    int memoryGib,
    int memoryGibFree,
    @Nullable Instant lastSeenAt,
    @Nullable Instant unreachableSince,
    Map<String, String> labels,
    long version) {

  /** All that a host can be, in the order of its life. */
  static final List<String> STATES =
      List.of(
          "EXPECTED",
          "DISCOVERED",
          "ACCEPTING",
          "ACTIVE",
          "CORDONED",
          "DRAINING",
          "MAINTENANCE",
          "QUARANTINED",
          "RETIRED");

  static HostView of(HostEntity h) {
    long free = h.freeMask & ~h.badMask;
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
        h.stateBefore,
        h.stateReason,
        h.gpus,
        Integer.bitCount(GpuBits.wholeGpus(free)),
        "%016x".formatted(free),
        h.badMask == 0 ? null : "%016x".formatted(h.badMask),
        h.vcpus,
        h.freeVcpus,
        h.memoryGib,
        h.freeMemoryGib,
        h.lastSeenAt,
        h.unreachableSince,
        Labels.read(h.labels),
        h.version);
  }
}
