package dev.gpucloud.billing.statement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.rating.engine.CreditGrant;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is left of a credit lapses with the month it expires in, and with no other. */
class CreditLapseTest {
  private static final Rational BALANCE = Rational.of(3920);
  private static final UUID ID = new UUID(0, 1);

  /** Expires at the end of the 30th of November. */
  private static Statement of(String month, Map<UUID, Rational> taken) {
    var grant =
        new CreditGrant(
            ID,
            "startup-credit",
            100,
            Instant.EPOCH,
            Instant.parse("2026-11-30T15:00:00Z"),
            Instant.EPOCH,
            BALANCE);
    var account =
        new AccountTerms(
                "account",
                BillingMode.EXTERNAL,
                Taxation.USUAL,
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new AccountCredit(null, grant)),
                List.of())
            .afterCredits(taken);
    var card = RateCard.of(List.of(), List.of());
    return new StatementEngine(PriceBook.of(card, List.of(account), List.of()), List.of())
        .state("account", BillingMonth.parse(month));
  }

  @Test
  void isLeftBeforeLapsesThenAndIsGoneAfter() {
    CreditUse october = of("2026-10", Map.of()).credits().getFirst();
    assertThat(october.lapsed()).isEqualTo(Rational.ZERO);
    assertThat(october.left()).isEqualTo(BALANCE);

    CreditUse november = of("2026-11", Map.of()).credits().getFirst();
    assertThat(november.lapsed()).isEqualTo(BALANCE);
    assertThat(november.left()).isEqualTo(Rational.ZERO);

    assertThat(of("2026-12", Map.of()).credits()).isEmpty();
  }

  @Test
  void whatACorrectionGaveBackIsLeftAsWell() {
    Map<UUID, Rational> givenBack = Map.of(ID, Rational.of(-80), new UUID(0, 2), Rational.of(7));

    assertThat(of("2026-10", givenBack).credits().getFirst().left()).isEqualTo(Rational.of(4000));
  }
}
