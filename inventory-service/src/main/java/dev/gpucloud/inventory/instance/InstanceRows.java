package dev.gpucloud.inventory.instance;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of instances on the raw client, for the allocation writer: many per statement. */
public final class InstanceRows {
  private static final BulkInsert<InstanceEntity> INSERT =
      changing(
          BulkInsert.<InstanceEntity>into("instance")
              .uuid("id", i -> i.id)
              .uuid("tenant_id", i -> i.tenantId)
              .uuid("project_id", i -> i.projectId)
              .text("tenant_slug", i -> i.tenantSlug)
              .text("project_slug", i -> i.projectSlug)
              .text("instance_type", i -> i.instanceType)
              .text("model_id", i -> i.modelId)
              .integer("gpus", i -> i.gpus)
              .text("mig_profile", i -> i.migProfile)
              .integer("slices", i -> i.slices)
              .integer("vcpus", i -> i.vcpus)
              .integer("memory_gib", i -> i.memoryGib)
              .text("requested_site", i -> i.requestedSite)
              .text("purchase_class", i -> i.purchaseClass)
              .text("cost_center", i -> i.costCenter)
              .text("created_by", i -> i.createdBy)
              .uuid("cluster_id", i -> i.clusterId)
              .text("cluster_role", i -> i.clusterRole)
              .text("apart_group", i -> i.apartGroup)
              .text("apart_over", i -> i.apartOver)
              .text("apart_strength", i -> i.apartStrength)
              .flag("dedicated", i -> i.dedicated)
              .time("created_at", i -> i.createdAt));
  private static final BulkInsert<InstanceEntity> UPDATE =
      reshaping(changing(BulkInsert.<InstanceEntity>into("instance").uuid("id", i -> i.id)));

  private InstanceRows() {}

  private static BulkInsert<InstanceEntity> changing(BulkInsert<InstanceEntity> fixed) {
    return fixed
        .text("name", i -> i.name)
        .text("state", i -> i.state.name())
        .text("reason", i -> i.reason)
        .text("site_id", i -> i.siteId)
        .text("region_id", i -> i.regionId)
        .uuid("host_id", i -> i.hostId)
        .uuid("run_id", i -> i.runId)
        .text("labels", i -> i.labels)
        .text("image", i -> i.image)
        .flag("equipped", i -> i.equipped)
        .number("sequence", i -> i.sequence)
        .text("desired", i -> i.desired)
        .number("order_sequence", i -> i.orderSequence)
        .number("order_epoch", i -> i.orderEpoch)
        .number("desired_sequence", i -> i.desiredSequence)
        .number("desired_epoch", i -> i.desiredEpoch)
        .time("order_sent_at", i -> i.orderSentAt)
        .time("desired_since", i -> i.desiredSince)
        .text("observed", i -> i.observed)
        .flag("holding", i -> i.holding)
        .number("mask", i -> i.mask)
        .integer("boot_failures", i -> i.bootFailures)
        .flag("retry_due", i -> i.retryDue)
        .uuid("operation_id", i -> i.operationId)
        .text("maintenance_reason", i -> i.maintenanceReason)
        .time("maintenance_at", i -> i.maintenanceAt)
        .time("started_at", i -> i.startedAt)
        .time("stopped_at", i -> i.stoppedAt)
        .time("updated_at", i -> i.updatedAt)
        .number("version", i -> i.version);
  }

  /** What a new instance has at its default. */
  private static BulkInsert<InstanceEntity> reshaping(BulkInsert<InstanceEntity> other) {
    return other
        .integer("boot_generation", i -> i.bootGeneration)
        .integer("booted_generation", i -> i.bootedGeneration)
        .text("resize_type", i -> i.resizeType)
        .integer("resize_gpus", i -> i.resizeGpus)
        .integer("resize_vcpus", i -> i.resizeVcpus)
        .integer("resize_memory_gib", i -> i.resizeMemoryGib)
        .number("resize_mask", i -> i.resizeMask);
  }

  /** Inserts new instances and answers those that went in: a taken name or id stays out. */
  public static Uni<Set<UUID>> insert(SqlConnection c, List<InstanceEntity> instances) {
    if (instances.isEmpty()) {
      return Uni.createFrom().item(Set.of());
    }
    return INSERT
        .execute(c, instances, "on conflict do nothing", "id")
        .map(
            rows -> {
              Set<UUID> in = new HashSet<>();
              rows.forEach(row -> in.add(row.getUUID(0)));
              return in;
            });
  }

  /**
   * Locks instances, and those of allocations, in the order of their ids, so that no two batches
   * wait for each other. One list of ids: two conditions joined by "or" read the whole table.
   */
  public static Uni<Locked> lock(SqlConnection c, Set<UUID> ids, Set<UUID> allocations) {
    if (ids.isEmpty() && allocations.isEmpty()) {
      return Uni.createFrom().item(Locked.NONE);
    }
    return c.preparedQuery(
            """
            select * from instance
            where id in (
              select unnest($1::uuid[])
              union all
              select instance_id from allocation where id = any($2))
            order by id for update of instance""")
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(ids.toArray(UUID[]::new))
                .addArrayOfUUID(allocations.toArray(UUID[]::new)))
        .map(
            rows -> {
              Map<UUID, InstanceEntity> locked = new HashMap<>();
              Map<String, Integer> at = positions(rows.columnsNames());
              for (Row row : rows) {
                InstanceEntity instance = read(row, at);
                locked.put(instance.id, instance);
              }
              return new Locked(locked);
            });
  }

  /** Instances whose rows this transaction has locked, and what they were when it read them. */
  public static final class Locked {
    /** None at all. */
    public static final Locked NONE = new Locked(Map.of());

    private final Map<UUID, InstanceEntity> byId;
    private final Map<UUID, @Nullable Object[]> asRead = new HashMap<>();

    private Locked(Map<UUID, InstanceEntity> byId) {
      this.byId = byId;
      byId.forEach((id, instance) -> asRead.put(id, UPDATE.values(instance)));
    }

    public @Nullable InstanceEntity get(UUID id) {
      return byId.get(id);
    }

    /** Writes back what has changed of some of them. */
    public Uni<Integer> update(SqlConnection c, List<InstanceEntity> changed) {
      return UPDATE.updateById(c, changed, instance -> asRead.get(instance.id));
    }
  }

  /** Where each column stands: a row asked by name goes through the names one by one. */
  private static Map<String, Integer> positions(List<String> columns) {
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      positions.put(columns.get(i), i);
    }
    return positions;
  }

  private static InstanceEntity read(Row row, Map<String, Integer> at) {
    InstanceEntity i = new InstanceEntity();
    i.id = row.getUUID(at.get("id"));
    i.tenantId = row.getUUID(at.get("tenant_id"));
    i.projectId = row.getUUID(at.get("project_id"));
    i.tenantSlug = row.getString(at.get("tenant_slug"));
    i.projectSlug = row.getString(at.get("project_slug"));
    i.name = row.getString(at.get("name"));
    i.state = InstanceState.valueOf(row.getString(at.get("state")));
    i.reason = row.getString(at.get("reason"));
    i.instanceType = row.getString(at.get("instance_type"));
    i.modelId = row.getString(at.get("model_id"));
    i.gpus = row.getInteger(at.get("gpus"));
    i.migProfile = row.getString(at.get("mig_profile"));
    i.slices = row.getInteger(at.get("slices"));
    i.vcpus = row.getInteger(at.get("vcpus"));
    i.memoryGib = row.getInteger(at.get("memory_gib"));
    i.requestedSite = row.getString(at.get("requested_site"));
    i.siteId = row.getString(at.get("site_id"));
    i.regionId = row.getString(at.get("region_id"));
    i.hostId = row.getUUID(at.get("host_id"));
    i.runId = row.getUUID(at.get("run_id"));
    i.purchaseClass = row.getString(at.get("purchase_class"));
    i.costCenter = row.getString(at.get("cost_center"));
    i.labels = row.getString(at.get("labels"));
    i.image = row.getString(at.get("image"));
    i.equipped = row.getBoolean(at.get("equipped"));
    i.sequence = row.getLong(at.get("sequence"));
    i.desired = row.getString(at.get("desired"));
    i.orderSequence = row.getLong(at.get("order_sequence"));
    i.orderEpoch = row.getLong(at.get("order_epoch"));
    i.desiredSequence = row.getLong(at.get("desired_sequence"));
    i.desiredEpoch = row.getLong(at.get("desired_epoch"));
    i.orderSentAt = row.getOffsetDateTime(at.get("order_sent_at")).toInstant();
    i.desiredSince = row.getOffsetDateTime(at.get("desired_since")).toInstant();
    i.observed = row.getString(at.get("observed"));
    i.holding = row.getBoolean(at.get("holding"));
    i.mask = row.getLong(at.get("mask"));
    i.bootFailures = row.getInteger(at.get("boot_failures"));
    i.retryDue = row.getBoolean(at.get("retry_due"));
    i.bootGeneration = row.getInteger(at.get("boot_generation"));
    i.bootedGeneration = row.getInteger(at.get("booted_generation"));
    i.resizeType = row.getString(at.get("resize_type"));
    i.resizeGpus = row.getInteger(at.get("resize_gpus"));
    i.resizeVcpus = row.getInteger(at.get("resize_vcpus"));
    i.resizeMemoryGib = row.getInteger(at.get("resize_memory_gib"));
    i.resizeMask = row.getLong(at.get("resize_mask"));
    i.operationId = row.getUUID(at.get("operation_id"));
    i.clusterId = row.getUUID(at.get("cluster_id"));
    i.clusterRole = row.getString(at.get("cluster_role"));
    i.maintenanceReason = row.getString(at.get("maintenance_reason"));
    i.maintenanceAt = instant(row.getOffsetDateTime(at.get("maintenance_at")));
    i.apartGroup = row.getString(at.get("apart_group"));
    i.apartOver = row.getString(at.get("apart_over"));
    i.apartStrength = row.getString(at.get("apart_strength"));
    i.dedicated = row.getBoolean(at.get("dedicated"));
    i.createdBy = row.getString(at.get("created_by"));
    i.createdAt = row.getOffsetDateTime(at.get("created_at")).toInstant();
    i.startedAt = instant(row.getOffsetDateTime(at.get("started_at")));
    i.stoppedAt = instant(row.getOffsetDateTime(at.get("stopped_at")));
    i.updatedAt = row.getOffsetDateTime(at.get("updated_at")).toInstant();
    i.version = row.getLong(at.get("version"));
    return i;
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime at) {
    return at == null ? null : at.toInstant();
  }
}
