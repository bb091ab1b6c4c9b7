package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.contracts.money.Rational;

/** One multiplier of a price and where it comes from: the reason behind a number. */
public record Factor(String reason, Rational multiplier) {
  /** The part of a tenant's price that its own grant leaves it to pay, in every price. */
  public static final String CUSTOMER_SHARE = "customer share";
}
