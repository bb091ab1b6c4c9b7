package dev.gpucloud.billing.ledger.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.contracts.money.Won;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvoicePostingsTest {
  private static final Won SUPPLY = new Won(20_280_000);
  private static final Won VAT = new Won(2_028_000);

  @Test
  void accruesTheMonthAndTurnsItIntoAReceivable() {
    var transactions = InvoicePostings.ofIssue("doc", BillingMode.EXTERNAL, SUPPLY, VAT, Won.ZERO);
    assertThat(transactions)
        .flatExtracting(LedgerTransaction::postings)
        .containsExactly(
            new Posting(LedgerAccount.UNBILLED_RECEIVABLE, SUPPLY),
            new Posting(LedgerAccount.REVENUE, SUPPLY.negate()),
            new Posting(LedgerAccount.RECEIVABLE, new Won(22_308_000)),
            new Posting(LedgerAccount.UNBILLED_RECEIVABLE, SUPPLY.negate()),
            new Posting(LedgerAccount.VAT_PAYABLE, VAT.negate()));
  }

  @Test
  void groupCompaniesOweAnIntercompanyReceivable() {
    assertThat(InvoicePostings.ofIssue("doc", BillingMode.COST_SHARE, SUPPLY, Won.ZERO, Won.ZERO))
        .flatExtracting(LedgerTransaction::postings)
        .extracting(Posting::account)
        .contains(LedgerAccount.INTERCOMPANY_RECEIVABLE)
        .doesNotContain(LedgerAccount.VAT_PAYABLE, LedgerAccount.RECEIVABLE);
  }

  @Test
  void prepaidCreditPaysOutOfWhatIsOwedToTheCustomer() {
    assertThat(InvoicePostings.ofIssue("doc", BillingMode.EXTERNAL, SUPPLY, VAT, new Won(5)))
        .last()
        .satisfies(
            t ->
                assertThat(t.postings())
                    .containsExactly(
                        new Posting(LedgerAccount.PREPAID_LIABILITY, new Won(5)),
                        new Posting(LedgerAccount.RECEIVABLE, new Won(-5))));
  }

  @Test
  void prepaidMoneyComesInAndLapses() {
    assertThat(PrepaidPostings.ofTopUp("prepaid", new Won(9)).postings())
        .containsExactly(
            new Posting(LedgerAccount.BANK, new Won(9)),
            new Posting(LedgerAccount.PREPAID_LIABILITY, new Won(-9)));
    assertThat(PrepaidPostings.ofBreakage("prepaid", new Won(4)).postings())
        .containsExactly(
            new Posting(LedgerAccount.PREPAID_LIABILITY, new Won(4)),
            new Posting(LedgerAccount.BREAKAGE_INCOME, new Won(-4)));
  }

  @Test
  void reportOnlyPostsNothing() {
    assertThat(InvoicePostings.ofIssue("doc", BillingMode.SHOWBACK, SUPPLY, Won.ZERO, Won.ZERO))
        .isEmpty();
  }

  @Test
  void transactionThatDoesNotBalanceCannotBeBuilt() {
    assertThatThrownBy(
            () ->
                new LedgerTransaction(
                    "doc",
                    LedgerTransaction.Kind.ISSUE,
                    1,
                    List.of(Posting.debit(LedgerAccount.RECEIVABLE, SUPPLY))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
