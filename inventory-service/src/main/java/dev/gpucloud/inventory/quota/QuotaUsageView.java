package dev.gpucloud.inventory.quota;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant holds of a model. GPUs carry a fraction for slices; no limit means none of its own;
 * {@code limitVersion} is the version of the quota that is applied here.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QuotaUsageView(
    String model,
    @Nullable Integer limitGpus,
    BigDecimal usedGpus,
    long usedSlices,
    long limitVersion) {}
