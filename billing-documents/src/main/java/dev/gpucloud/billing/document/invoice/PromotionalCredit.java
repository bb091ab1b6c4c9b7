package dev.gpucloud.billing.document.invoice;

import dev.gpucloud.contracts.money.Rational;

/** What a promotional credit took off the lines, exact; the lines are net of it. */
public record PromotionalCredit(String id, String name, Rational exact) {}
