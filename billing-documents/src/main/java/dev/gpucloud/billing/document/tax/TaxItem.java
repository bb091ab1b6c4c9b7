package dev.gpucloud.billing.document.tax;

import dev.gpucloud.contracts.money.Won;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** One item of a tax document (품목). The items' amounts sum to the document's. */
public record TaxItem(
    LocalDate date,
    String name,
    @Nullable String spec,
    @Nullable String quantity,
    @Nullable String unitPrice,
    Won supplyValue,
    Won vat,
    @Nullable String remark) {

  /** The same item taken back. */
  TaxItem negated() {
    return new TaxItem(
        date, name, spec, quantity, unitPrice, supplyValue.negate(), vat.negate(), remark);
  }
}
