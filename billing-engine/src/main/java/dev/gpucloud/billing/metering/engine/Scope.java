package dev.gpucloud.billing.metering.engine;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import org.jspecify.annotations.Nullable;

/** Who used something: the tenant and project (and its cost centre) to which usage is charged. */
public record Scope(
    TenantId tenantId, ProjectId projectId, String projectSlug, @Nullable String costCenter) {}
