package dev.gpucloud.inventory.discovery;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.GpuId;
import dev.gpucloud.contracts.id.HostId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A GPU. What a discovery tells (uuid, firmware, MIG mode, health) is missing, and health UNKNOWN,
 * while the host was not discovered; {@code freeSlices} are its free memory slices of 8.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GpuView(
    GpuId id,
    HostId host,
    String hostName,
    String hostState,
    int position,
    String site,
    String delivery,
    String model,
    String serial,
    @Nullable String uuid,
    @Nullable String firmware,
    @Nullable String migMode,
    String health,
    @Nullable Instant seenAt,
    int freeSlices) {

  static GpuView of(GpuEntity g) {
    return new GpuView(
        new GpuId(g.id),
        new HostId(g.hostId),
        g.hostName,
        g.hostState,
        g.position,
        g.siteId,
        g.deliveryId,
        g.modelId,
        g.serial,
        g.uuid,
        g.firmware,
        g.migMode,
        g.health,
        g.seenAt,
        Integer.bitCount(g.freeSlicesMask));
  }
}
