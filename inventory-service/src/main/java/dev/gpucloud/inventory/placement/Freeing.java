package dev.gpucloud.inventory.placement;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.placement.engine.Mark;
import dev.gpucloud.inventory.placement.engine.Slot;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A proven allocation on its way out; {@code leftBehind} when its instance went on without it,
 * {@code kept} what its instance keeps of it.
 */
record Freeing(
    UUID allocation,
    UUID instance,
    boolean leftBehind,
    List<UUID> quotaOf,
    Slot slot,
    Instant proof,
    boolean outOfService,
    @Nullable KeptPart kept) {

  static Freeing of(Row row) {
    KeptPart kept = KeptPart.of(row);
    Slot slot =
        new Slot(
            new HostId(row.getUUID("host_id")),
            row.getLong("mask"),
            row.getInteger("vcpus"),
            row.getInteger("memory_gib"),
            Mark.of(row.getString("apart"), row.getString("dedicated_to")));
    return new Freeing(
        row.getUUID("id"),
        row.getUUID("instance_id"),
        !row.getString("state").equals("HELD"),
        List.of(row.getArrayOfUUIDs("quota_of")),
        kept == null ? slot : kept.without(slot),
        row.getOffsetDateTime("proof_at").toInstant(),
        row.getBoolean("out_of_service"),
        kept);
  }
}
