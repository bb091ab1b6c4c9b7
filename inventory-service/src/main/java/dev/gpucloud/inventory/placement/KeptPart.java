package dev.gpucloud.inventory.placement;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.inventory.instance.BulkInsert;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.inventory.placement.Placing.Extended;
import dev.gpucloud.inventory.placement.engine.Mark;
import dev.gpucloud.inventory.placement.engine.Slot;
import dev.gpucloud.inventory.quota.engine.Stock;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an instance keeps of an allocation when it gives back the rest. A row of its own says so, so
 * that each row stays true for all of its time.
 */
record KeptPart(
    UUID tenant,
    UUID instance,
    UUID run,
    String pool,
    String state,
    List<UUID> quotaOf,
    Slot slot) {

  /** Of a proven allocation; null when all of it is given back. */
  static @Nullable KeptPart of(Row row) {
    Long mask = row.getLong("keep_mask");
    return mask == null
        ? null
        : new KeptPart(
            row.getUUID("tenant_id"),
            row.getUUID("instance_id"),
            row.getUUID("run_id"),
            row.getString("pool_id"),
            row.getString("state"),
            List.of(row.getArrayOfUUIDs("quota_of")),
            new Slot(
                new HostId(row.getUUID("host_id")),
                mask,
                row.getInteger("keep_vcpus"),
                row.getInteger("keep_memory_gib"),
                Mark.of(row.getString("apart"), row.getString("dedicated_to"))));
  }

  /** What a run holds, from its row. */
  static Extended extended(Row row) {
    return new Extended(
        row.getUUID("id"),
        new QuotaBook.Credit(
            new Stock(row.getString("model_id"), row.getString("site_id")),
            List.of(row.getArrayOfUUIDs("quota_of"))),
        new Slot(
            new HostId(row.getUUID("host_id")),
            row.getLong("mask"),
            row.getInteger("vcpus"),
            row.getInteger("memory_gib"),
            Mark.of(row.getString("apart"), row.getString("dedicated_to"))),
        row.getOffsetDateTime("proof_at") != null);
  }

  /** What is given back of the whole. */
  Slot without(Slot whole) {
    return new Slot(
        whole.host(),
        whole.mask() & ~slot.mask(),
        whole.vcpus() - slot.vcpus(),
        whole.memoryGib() - slot.memoryGib());
  }

  static Uni<Void> insert(SqlConnection c, List<KeptPart> parts, Moment now) {
    return BulkInsert.<KeptPart>into("allocation")
        .uuid("id", p -> Ids.next())
        .uuid("tenant_id", KeptPart::tenant)
        .uuid("instance_id", KeptPart::instance)
        .uuid("run_id", KeptPart::run)
        .text("pool_id", KeptPart::pool)
        .uuid("host_id", p -> p.slot().host().value())
        .number("mask", p -> p.slot().mask())
        .integer("vcpus", p -> p.slot().vcpus())
        .integer("memory_gib", p -> p.slot().memoryGib())
        .number("epoch", p -> now.epoch())
        .text("apart", p -> p.slot().mark() == null ? null : p.slot().mark().group())
        .text("dedicated_to", p -> p.slot().mark() == null ? null : p.slot().mark().dedicatedTo())
        .textAs(
            "quota_of",
            "%s::uuid[]",
            p -> "{" + String.join(",", p.quotaOf().stream().map(UUID::toString).toList()) + "}")
        .text("state", KeptPart::state)
        .execute(c, parts)
        .replaceWithVoid();
  }
}
