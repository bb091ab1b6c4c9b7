package dev.gpucloud.inventory.offers;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sold shape with its on-demand list price and how many of it could be placed now: in all, and by
 * site. {@code gpuSlices} counts eighths of a GPU.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InstanceTypeView(
    String id,
    String model,
    int gpus,
    @Nullable String migProfile,
    int gpuSlices,
    int vcpus,
    int memoryGib,
    @Nullable Price price,
    int available,
    List<SiteAvailability> availability) {

  /** Whole won per unit: {@code GPU_HOUR} counts each GPU, {@code INSTANCE_HOUR} the instance. */
  public record Price(
      String amount, String currency, String unit, String sku, String version, Instant since) {}

  /** How many fit at a site now. */
  public record SiteAvailability(String site, int instances) {}
}
