package dev.gpucloud.inventory.instance;

import dev.gpucloud.contracts.id.ClusterId;
import dev.gpucloud.kit.access.ProjectRef;
import dev.gpucloud.kit.access.TenantRef;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as asked for, checked and with its references resolved, before it is placed. {@code
 * topologyJson} is what was asked, as sent.
 */
public record ClusterDraft(
    ClusterId id,
    TenantRef tenant,
    ProjectRef project,
    String name,
    OfferedShape type,
    int instances,
    int spares,
    @Nullable String site,
    String purchaseClass,
    String topologyJson,
    String actor) {}
