package dev.gpucloud.billing.ledger.engine;

import static dev.gpucloud.billing.ledger.engine.LedgerAccount.INTERCOMPANY_RECEIVABLE;
import static dev.gpucloud.billing.ledger.engine.LedgerAccount.PREPAID_LIABILITY;
import static dev.gpucloud.billing.ledger.engine.LedgerAccount.RECEIVABLE;
import static dev.gpucloud.billing.ledger.engine.LedgerAccount.REVENUE;
import static dev.gpucloud.billing.ledger.engine.LedgerAccount.UNBILLED_RECEIVABLE;
import static dev.gpucloud.billing.ledger.engine.LedgerAccount.VAT_PAYABLE;
import static dev.gpucloud.billing.ledger.engine.LedgerTransaction.Kind.ISSUE;
import static dev.gpucloud.billing.ledger.engine.LedgerTransaction.Kind.MONTH_ACCRUAL;
import static dev.gpucloud.billing.ledger.engine.LedgerTransaction.Kind.PREPAID_PAYMENT;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.contracts.money.Won;
import java.util.List;

/**
 * What an issued invoice posts: the month's accrual, its turning into a receivable, and what
 * prepaid credit pays of it.
 */
public final class InvoicePostings {
  private InvoicePostings() {}

  /** Empty for a report that nobody owes. */
  public static List<LedgerTransaction> ofIssue(
      String document, BillingMode mode, Won supplyValue, Won vat, Won prepaid) {
    if (!mode.isOwed()) {
      return List.of();
    }
    LedgerAccount receivable = mode == BillingMode.EXTERNAL ? RECEIVABLE : INTERCOMPANY_RECEIVABLE;
    var accrual =
        new LedgerTransaction(
            document,
            MONTH_ACCRUAL,
            1,
            List.of(
                Posting.debit(UNBILLED_RECEIVABLE, supplyValue),
                Posting.credit(REVENUE, supplyValue)));
    var issue =
        new LedgerTransaction(
            document,
            ISSUE,
            1,
            List.of(
                Posting.debit(receivable, supplyValue.plus(vat)),
                Posting.credit(UNBILLED_RECEIVABLE, supplyValue),
                Posting.credit(VAT_PAYABLE, vat)));
    if (prepaid.amount() == 0) {
      return List.of(accrual, issue);
    }
    var payment =
        new LedgerTransaction(
            document,
            PREPAID_PAYMENT,
            1,
            List.of(
                Posting.debit(PREPAID_LIABILITY, prepaid), Posting.credit(receivable, prepaid)));
    return List.of(accrual, issue, payment);
  }
}
