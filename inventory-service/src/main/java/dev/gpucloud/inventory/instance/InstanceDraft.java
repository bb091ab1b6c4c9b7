package dev.gpucloud.inventory.instance;

import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.kit.access.ProjectRef;
import dev.gpucloud.kit.access.TenantRef;
import org.jspecify.annotations.Nullable;

/** What a tenant asked for, checked and with its references resolved, before it is placed. */
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
    String actor) {}
