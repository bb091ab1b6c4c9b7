package dev.gpucloud.billing.invoice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.billing.invoice.engine.InvoiceState.Approval;
import dev.gpucloud.billing.invoice.engine.InvoiceState.Draft;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InvoiceStateTest {
  @Test
  void nobodyWhoPreparedOrSubmittedMayApprove() {
    var review = new Draft(Set.of("ann")).submit("bob");
    assertThat(review.approve("ann")).isEqualTo(new Approval.RefusedToPreparer("ann"));
    assertThat(review.approve("bob")).isEqualTo(new Approval.RefusedToPreparer("bob"));
    assertThat(review.approve("eve")).isInstanceOf(Approval.Granted.class);
  }

  @Test
  void sendingBackDoesNotForgetWhoPrepared() {
    var again = new Draft(Set.of("ann")).submit("bob").sendBack().submit("cat");
    assertThat(again.preparers()).containsExactlyInAnyOrder("ann", "bob", "cat");
    assertThat(again.approve("bob")).isInstanceOf(Approval.RefusedToPreparer.class);
  }

  @Test
  void numberHasSixDigits() {
    assertThat(new InvoiceNumber(BillingMonth.parse("2026-11"), 123)).hasToString("2026-11-000123");
    assertThatThrownBy(() -> new InvoiceNumber(BillingMonth.parse("2026-11"), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
