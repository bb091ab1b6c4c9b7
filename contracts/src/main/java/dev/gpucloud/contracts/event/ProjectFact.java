package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import org.jspecify.annotations.Nullable;

/** A project as others need to know it, on {@link Topics#PROJECTS}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ProjectFact(
    ProjectId projectId,
    TenantId tenantId,
    String slug,
    String name,
    String state,
    @Nullable String costCenter) {}
