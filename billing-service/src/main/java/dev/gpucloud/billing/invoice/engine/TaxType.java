package dev.gpucloud.billing.invoice.engine;

/** Korean VAT treatment of a line. */
public enum TaxType {
  /** 10 % VAT. */
  TAXED,
  /** Not a supply: no VAT. */
  OUT_OF_SCOPE
}
