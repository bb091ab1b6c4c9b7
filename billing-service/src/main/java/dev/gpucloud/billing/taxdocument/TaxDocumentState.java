package dev.gpucloud.billing.taxdocument;

/** Where a tax document stands. */
enum TaxDocumentState {
  /** Made, and not yet on its way. */
  ISSUED,
  /** On its way; only an amendment can change it. */
  TRANSMITTED,
  /** The tax office gave it a number. */
  ACCEPTED,
  /** The tax office refused it; it may be transmitted again. */
  REJECTED
}
