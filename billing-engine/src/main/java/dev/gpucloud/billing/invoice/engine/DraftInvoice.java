package dev.gpucloud.billing.invoice.engine;

import dev.gpucloud.contracts.money.Won;
import java.util.List;

/** Lines and the sums of rules R3 to R5. */
public record DraftInvoice(List<DraftLine> lines, Won supplyValue, Won vat, Won total) {}
