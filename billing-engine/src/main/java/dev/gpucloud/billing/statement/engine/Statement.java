package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.rating.engine.Rating.Unpriced;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.List;

/**
 * What an account owes for a month. {@code usage} is what its usage lines come to before credits:
 * the measure of spend commitments. {@code due = total} less what prepaid credits pay.
 */
public record Statement(
    AccountTerms account,
    BillingMonth month,
    TaxType taxType,
    List<Part> parts,
    List<CommitmentUse> commitments,
    List<StatementLine> lines,
    Won usage,
    Won supplyValue,
    Won vat,
    Won total,
    List<CreditUse> credits,
    List<Payment> payments,
    Won due,
    List<Unpriced> unpriced) {}
