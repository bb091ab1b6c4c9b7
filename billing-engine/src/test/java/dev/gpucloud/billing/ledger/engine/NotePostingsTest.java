package dev.gpucloud.billing.ledger.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.contracts.money.Won;
import org.junit.jupiter.api.Test;

class NotePostingsTest {
  private static Won posted(LedgerTransaction t, LedgerAccount account) {
    return t.postings().stream()
        .filter(p -> p.account() == account)
        .map(Posting::signedAmount)
        .reduce(Won.ZERO, Won::plus);
  }

  @Test
  void anSlaCreditTakesRevenueAndVatBack() {
    LedgerTransaction t =
        NotePostings.ofIssue("nte", BillingMode.EXTERNAL, new Won(-2_028_000), new Won(-202_800));
    assertThat(posted(t, LedgerAccount.REVENUE)).isEqualTo(new Won(2_028_000));
    assertThat(posted(t, LedgerAccount.VAT_PAYABLE)).isEqualTo(new Won(202_800));
    assertThat(posted(t, LedgerAccount.RECEIVABLE)).isEqualTo(new Won(-2_230_800));
  }

  @Test
  void withinTheGroupAnotherReceivableIsPosted() {
    LedgerTransaction t =
        NotePostings.ofIssue("nte", BillingMode.COST_SHARE, new Won(500), Won.ZERO);
    assertThat(posted(t, LedgerAccount.INTERCOMPANY_RECEIVABLE)).isEqualTo(new Won(500));
    assertThat(t.postings()).hasSize(2);
  }

  @Test
  void whatIsShownBackIsOwedByNobody() {
    assertThatThrownBy(
            () -> NotePostings.ofIssue("nte", BillingMode.SHOWBACK, new Won(1), Won.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
