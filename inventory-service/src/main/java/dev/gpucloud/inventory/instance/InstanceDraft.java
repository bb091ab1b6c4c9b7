package dev.gpucloud.inventory.instance;

import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.kit.access.ProjectRef;
import dev.gpucloud.kit.access.TenantRef;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant asked for, checked and with its references resolved, before it is placed. {@code
 * cluster} is the one that it is created with, if any.
 */
public record InstanceDraft(
    InstanceId id,
    OperationId operation,
    TenantRef tenant,
    ProjectRef project,
    String name,
    OfferedShape type,
    @Nullable String site,
    String purchaseClass,
    String labelsJson,
    String actor,
    @Nullable ClusterRef cluster,
    Standing standing,
    @Nullable String image,
    InstanceSetup setup) {

  /** One that names no image and is given nothing beside its shape. */
  public InstanceDraft(
      InstanceId id,
      OperationId operation,
      TenantRef tenant,
      ProjectRef project,
      String name,
      OfferedShape type,
      @Nullable String site,
      String purchaseClass,
      String labelsJson,
      String actor,
      @Nullable ClusterRef cluster,
      Standing standing) {
    this(
        id,
        operation,
        tenant,
        project,
        name,
        type,
        site,
        purchaseClass,
        labelsJson,
        actor,
        cluster,
        standing,
        null,
        InstanceSetup.NONE);
  }

  /** The same as an instance of a cluster, under a name and ids of its own. */
  public InstanceDraft inCluster(
      ClusterRef of, String ownName, InstanceId ownId, OperationId ownOperation) {
    return new InstanceDraft(
        ownId,
        ownOperation,
        tenant,
        project,
        ownName,
        type,
        site,
        purchaseClass,
        labelsJson,
        actor,
        of,
        new Standing(null, standing.dedicated()),
        image,
        setup.of(ownName));
  }
}
