package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.rating.engine.CreditGrant;
import dev.gpucloud.contracts.id.TenantId;
import org.jspecify.annotations.Nullable;

/** A promotional credit of an account, for all of its tenants or for one. */
public record AccountCredit(@Nullable TenantId tenant, CreditGrant grant) {}
