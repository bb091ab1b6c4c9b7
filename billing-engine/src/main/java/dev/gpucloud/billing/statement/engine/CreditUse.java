package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.contracts.money.Rational;

/**
 * What a month did to a promotional credit, exact: {@code before = burned + lapsed + left}. What is
 * left when it expires lapses, and is recorded as breakage.
 */
public record CreditUse(
    AccountCredit credit, Rational before, Rational burned, Rational lapsed, Rational left) {}
