package dev.gpucloud.billing.invoice.engine;

import dev.gpucloud.contracts.time.BillingMonth;
import java.util.Locale;

/** The number of an issued invoice: its month and a counter without holes, 2026-11-000123. */
public record InvoiceNumber(BillingMonth month, long counter) {
  public InvoiceNumber {
    if (counter < 1 || counter > 999_999) {
      throw new IllegalArgumentException("an invoice counter lies within 1..999999");
    }
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s-%06d", month, counter);
  }
}
