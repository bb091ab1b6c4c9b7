package dev.gpucloud.billing.invoice.engine;

/** Korean VAT treatment of a line. */
public enum TaxType {
  /** 10 % VAT. */
  TAXED,
  /** 0 % VAT, with valid evidence at the write date (영세). */
  ZERO_RATED,
  /** No VAT, on a document of its own kind (계산서). */
  EXEMPT,
  /** Not a supply: no VAT. */
  OUT_OF_SCOPE
}
