package dev.gpucloud.inventory.offers;

import dev.gpucloud.inventory.offers.FleetRoom.PoolRoom;
import dev.gpucloud.inventory.placement.engine.PoolIndex.Room;
import dev.gpucloud.inventory.quota.GpuCount;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Room of a pool: GPUs in all, wholly free ones, and free room with split GPUs counted; and what of
 * each instance type fits. {@code epoch} is that of the pool's owner who said so, {@code asOf}
 * when.
 */
public record CapacityView(
    String site,
    String region,
    String model,
    int hosts,
    long gpus,
    int gpusFree,
    BigDecimal gpusFreeWithSlices,
    CapacityLevel level,
    List<TypeCapacity> instanceTypes,
    long epoch,
    Instant asOf) {

  /** What fits of one type at the site. */
  public record TypeCapacity(
      @Schema(examples = "b200.8x") String instanceType,
      @Schema(description = "Instances that could be placed now, one after the other.") int free,
      @Schema(description = "Instances of the largest cluster that fits into one fabric now.")
          int largestCluster,
      CapacityLevel level) {}

  static CapacityView of(PoolRoom pool, String region, Instant asOf) {
    Room room = pool.room();
    return new CapacityView(
        pool.site(),
        region,
        pool.model(),
        room.hosts(),
        room.totalSlices() / 8,
        room.wholeGpusFree(),
        GpuCount.ofSlices(room.freeSlices()),
        CapacityLevel.of(room.freeSlices(), room.totalSlices()),
        pool.types().stream()
            .map(
                type ->
                    new TypeCapacity(
                        type.id(),
                        type.free(),
                        type.largestCluster(),
                        CapacityLevel.of(type.free(), type.whenEmpty())))
            .toList(),
        pool.epoch(),
        asOf);
  }
}
