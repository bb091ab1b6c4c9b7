package dev.gpucloud.billing.metering.engine;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an instance occupies while it runs, as far as its price depends on it. Whole GPUs are sold
 * by the GPU-hour, MIG slices by the instance-hour.
 */
public record Shape(
    String instanceType,
    String gpuModel,
    int gpus,
    @Nullable String migProfile,
    String site,
    String region,
    String purchaseClass) {

  /** The SKU under which this shape is priced: GPU model or MIG type, purchase class, region. */
  public String sku() {
    return skuOf(migProfile == null ? gpuModel : instanceType, purchaseClass, region);
  }

  /** How many priced units one hour of this shape holds. */
  public int units() {
    return migProfile == null ? gpus : 1;
  }

  /** The SKU of an item (GPU model or MIG type) in a purchase class and a region. */
  public static String skuOf(String item, String purchaseClass, String region) {
    return item + "." + purchaseClass.toLowerCase(Locale.ROOT).replace('_', '-') + "." + region;
  }

  /** The purchase class in a SKU, ON_DEMAND where it has none: what {@link #skuOf} put there. */
  public static String purchaseClassOf(String sku) {
    String[] parts = sku.split("\\.");
    return parts.length < 3
        ? "ON_DEMAND"
        : parts[parts.length - 2].toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
