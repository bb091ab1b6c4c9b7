package dev.gpucloud.inventory.placement;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.inventory.instance.ClusterDraft;
import dev.gpucloud.inventory.instance.ClusterMember;
import dev.gpucloud.inventory.instance.ClusterRows.NewCluster;
import dev.gpucloud.inventory.instance.InstanceDraft;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.OfferedShape;
import dev.gpucloud.inventory.placement.engine.ClusterShape;
import dev.gpucloud.inventory.placement.engine.Demand;
import dev.gpucloud.inventory.placement.engine.Shape;
import dev.gpucloud.kit.audit.AuditOrigin;
import dev.gpucloud.kit.idempotency.IdempotencyKey;
import dev.gpucloud.kit.idempotency.StoredAnswer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a pool's owner is asked to do. */
public sealed interface Task {

  /** Takes room: the answer to give is stored under the key with the effect. */
  sealed interface Place extends Task {
    Demand demand();

    UUID tenantId();

    @Nullable IdempotencyKey key();

    @Nullable String traceparent();

    /** Who asks, for the audit log; null when the service does by itself. */
    @Nullable AuditOrigin origin();

    /** What quota counts, in eighths of a GPU. */
    int slices();
  }

  /** Takes room for one instance. */
  sealed interface PlaceOne extends Place {
    RunId run();

    /** What it opens; null when it carries on an operation that is open already. */
    @Nullable OperationId operation();

    Function<InstanceEntity, StoredAnswer> answer();

    @Override
    default int slices() {
      return demand().shape().slices();
    }
  }

  /** Places a new instance. */
  record Create(
      InstanceDraft draft,
      Demand demand,
      RunId run,
      @Nullable IdempotencyKey key,
      @Nullable String traceparent,
      @Nullable AuditOrigin origin,
      Function<InstanceEntity, StoredAnswer> answer)
      implements PlaceOne {
    @Override
    public UUID tenantId() {
      return draft.tenant().id().value();
    }

    @Override
    public OperationId operation() {
      return draft.operation();
    }
  }

  /** Places all instances of a new cluster, members first and then spares, or none. */
  record CreateCluster(
      ClusterDraft draft,
      List<ClusterMember> members,
      Demand demand,
      ClusterShape shape,
      @Nullable IdempotencyKey key,
      @Nullable String traceparent,
      @Nullable AuditOrigin origin,
      BiFunction<NewCluster, List<InstanceEntity>, StoredAnswer> answer)
      implements Place {
    public CreateCluster {
      members = List.copyOf(members);
    }

    @Override
    public UUID tenantId() {
      return draft.tenant().id().value();
    }

    @Override
    public int slices() {
      return shape.slices();
    }
  }

  /** Places a stopped instance anew. */
  record Start(
      InstanceId instance,
      UUID tenantId,
      Demand demand,
      RunId run,
      OperationId operation,
      String actor,
      @Nullable IdempotencyKey key,
      @Nullable String traceparent,
      @Nullable AuditOrigin origin,
      Function<InstanceEntity, StoredAnswer> answer)
      implements PlaceOne {}

  /** Gives a running instance more of the host that it is on; it keeps its run. */
  record Resize(
      InstanceId instance,
      UUID tenantId,
      OfferedShape to,
      Demand demand,
      HostId host,
      Shape now,
      RunId run,
      OperationId operation,
      String actor,
      @Nullable IdempotencyKey key,
      @Nullable String traceparent,
      @Nullable AuditOrigin origin,
      Function<InstanceEntity, StoredAnswer> answer)
      implements PlaceOne {
    /** Only what it takes more. */
    @Override
    public int slices() {
      return to.shape().slices() - now.slices();
    }
  }

  /** Places an instance anew whose boot failed; what it held is left behind. */
  record Retry(InstanceId instance, UUID tenantId, Demand demand, RunId run) implements PlaceOne {
    private static final StoredAnswer NONE = new StoredAnswer(new byte[0], 200, Map.of(), null);

    @Override
    public @Nullable OperationId operation() {
      return null;
    }

    @Override
    public @Nullable IdempotencyKey key() {
      return null;
    }

    @Override
    public @Nullable String traceparent() {
      return null;
    }

    @Override
    public @Nullable AuditOrigin origin() {
      return null;
    }

    @Override
    public Function<InstanceEntity, StoredAnswer> answer() {
      return instance -> NONE;
    }
  }

  /** Frees an allocation whose release is proven. */
  record Release(UUID allocation) implements Task {}
}
