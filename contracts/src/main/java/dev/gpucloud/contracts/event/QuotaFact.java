package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * How many GPUs of a model a tenant may hold, on {@link Topics#QUOTAS}; null means no limit of its
 * own.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record QuotaFact(
    TenantId tenantId, String model, @Nullable Integer limitGpus, long version) {}
