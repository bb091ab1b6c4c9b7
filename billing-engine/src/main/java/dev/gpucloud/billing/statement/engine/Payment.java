package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.contracts.money.Won;

/** What a prepaid credit pays of a document, and what is left of it. */
public record Payment(PrepaidCredit credit, Won paid, Won left) {}
