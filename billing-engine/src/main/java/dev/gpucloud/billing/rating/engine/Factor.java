package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.contracts.money.Rational;

/** One multiplier of a price and where it comes from: the reason behind a number. */
public record Factor(String reason, Rational multiplier) {}
