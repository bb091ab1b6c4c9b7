package dev.gpucloud.billing.document.focus;

import org.jspecify.annotations.Nullable;

/**
 * The parts of an SKU that is called item.class.region. FOCUS wants one id for what is sold,
 * whatever the purchase class, and one for how it is priced: the first leaves the class out.
 */
record Sku(String id, String priceId, @Nullable String purchaseClass, @Nullable String region) {
  static Sku parse(String sku) {
    int region = sku.lastIndexOf('.');
    int item = region < 0 ? -1 : sku.lastIndexOf('.', region - 1);
    return item < 0
        ? new Sku(sku, sku, null, null)
        : new Sku(
            sku.substring(0, item) + sku.substring(region),
            sku,
            sku.substring(item + 1, region),
            sku.substring(region + 1));
  }

  boolean isDynamic() {
    return "preemptible".equals(purchaseClass);
  }
}
