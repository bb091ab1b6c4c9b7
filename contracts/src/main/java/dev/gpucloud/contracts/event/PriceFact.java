package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One price version, on {@link Topics#PRICES}; whole won per unit. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PriceFact(
    String sku,
    @Nullable String instanceType,
    @Nullable String model,
    @Nullable String migProfile,
    @Nullable String region,
    String purchaseClass,
    String unit,
    String priceKrw,
    Instant effectiveFrom,
    String version) {}
