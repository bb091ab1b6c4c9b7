package dev.gpucloud.kit.idempotency;

import dev.gpucloud.contracts.id.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * A client's key within its scope (tenant, caller, route), with the hash of the request it stands
 * for.
 */
public record IdempotencyKey(
    String scope, String key, byte[] requestHash, @Nullable TenantId tenant) {}
