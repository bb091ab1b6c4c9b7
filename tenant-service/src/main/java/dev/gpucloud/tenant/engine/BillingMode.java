package dev.gpucloud.tenant.engine;

/** How a tenant's use is charged; {@code docs} of billing say what each means for tax. */
public enum BillingMode {
  EXTERNAL,
  GROUP_SERVICE,
  COST_SHARE,
  SHOWBACK;

  /** Whether documents are written to a legal entity, which then must be known by its number. */
  public boolean needsBusinessNumber() {
    return this != SHOWBACK;
  }
}
