package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;

/**
 * Whole GPUs of a model that a grant programme awarded to a tenant. Of up to {@code gpus} that run
 * in a clock hour in Seoul within the term, the tenant pays {@code customerSharePct} of the price;
 * what runs beyond them is not the grant's.
 */
public record GrantShare(
    String id,
    TenantId tenant,
    String model,
    Rational gpus,
    Rational customerSharePct,
    Term term) {}
