package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.forward.Owner;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A pool as its rows describe it to every replica: {@code leaseEnd} and {@code holder} are those of
 * its lease, {@code free} says that the lease has ended, {@code owner} is where its owner is
 * reached, {@code revision} counts what its index must hear of.
 */
record KnownPool(
    String id,
    String site,
    String model,
    long revision,
    @Nullable String holder,
    @Nullable OffsetDateTime leaseEnd,
    boolean free,
    @Nullable Owner owner) {}
