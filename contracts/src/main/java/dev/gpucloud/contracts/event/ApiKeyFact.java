package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;

/** The end of an API key, on {@link Topics#API_KEYS}: tokens made of it are refused from now on. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ApiKeyFact(ApiKeyId keyId, TenantId tenantId, String subject, Instant revokedAt) {}
