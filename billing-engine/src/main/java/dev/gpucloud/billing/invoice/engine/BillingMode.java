package dev.gpucloud.billing.invoice.engine;

/** How a legal entity is charged, and so whether its document is a taxable supply. */
public enum BillingMode {
  /** An outside customer: tax invoice. */
  EXTERNAL(TaxType.TAXED),
  /** A taxable service between companies of the group: tax invoice. */
  GROUP_SERVICE(TaxType.TAXED),
  /** A joint cost passed on at cost: a statement without VAT. */
  COST_SHARE(TaxType.OUT_OF_SCOPE),
  /** A report only; also the operator's own use. */
  SHOWBACK(TaxType.OUT_OF_SCOPE);

  private final TaxType taxType;

  BillingMode(TaxType taxType) {
    this.taxType = taxType;
  }

  /** Whether anybody owes what the document says. */
  public boolean isOwed() {
    return this != SHOWBACK;
  }

  public TaxType taxType() {
    return taxType;
  }
}
