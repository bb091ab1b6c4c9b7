package dev.gpucloud.tenant.apikeys;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.access.TenantRole;
import java.time.Instant;
import java.util.Set;

/** What a new key is to be. */
record KeySpec(
    TenantId tenant,
    String subject,
    String createdBy,
    String name,
    Set<TenantRole> roles,
    Set<ProjectId> projects,
    Set<String> actions,
    Instant expiresAt) {}
