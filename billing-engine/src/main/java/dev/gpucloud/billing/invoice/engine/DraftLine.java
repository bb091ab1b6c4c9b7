package dev.gpucloud.billing.invoice.engine;

import dev.gpucloud.billing.rating.engine.CreditEngine.CreditedRow;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.List;

/**
 * One line in whole won with the exact rows it stands for: {@code amount = exactAmount +
 * roundingAmount}.
 */
public record DraftLine(
    int lineNumber,
    LineKey key,
    Rational quantityHours,
    Rational exactAmount,
    Rational roundingAmount,
    Won amount,
    Won vat,
    List<CreditedRow> rows) {}
