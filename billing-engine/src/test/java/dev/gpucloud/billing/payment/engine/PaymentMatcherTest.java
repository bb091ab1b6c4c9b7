package dev.gpucloud.billing.payment.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.payment.engine.PaymentMatch.Matched;
import dev.gpucloud.billing.payment.engine.PaymentMatch.Open;
import dev.gpucloud.billing.payment.engine.PaymentMatch.Part;
import dev.gpucloud.billing.payment.engine.PaymentMatch.Reason;
import dev.gpucloud.billing.payment.engine.PaymentMatch.Rule;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PaymentMatcherTest {
  private static final LocalDate DAY = LocalDate.of(2026, 12, 24);
  private static final OpenInvoice SEPTEMBER =
      invoice("2026-09-000001", "120-81-00003", "SK hynix", "2026-11-10", 1_100_000);
  private static final OpenInvoice OCTOBER =
      invoice("2026-10-000007", "120-81-00003", "SK hynix", "2026-12-10", 2_200_000);
  private static final OpenInvoice ROBOTS =
      invoice("2026-10-000008", "000-00-00048", "주식회사 한빛로봇", "2026-12-10", 330_000);
  private static final List<OpenInvoice> ALL = List.of(OCTOBER, ROBOTS, SEPTEMBER);

  private static OpenInvoice invoice(
      String number, String business, String name, String due, long open) {
    return new OpenInvoice(
        UUID.nameUUIDFromBytes(number.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        number,
        business,
        name,
        LocalDate.parse(due),
        open);
  }

  private static PaymentMatch match(long amount, String payer, String reference) {
    return PaymentMatcher.match(new Receipt(DAY, amount, payer, reference), ALL);
  }

  @Test
  void paysTheInvoiceThatTheReferenceNamesAsFarAsItGoes() {
    assertThat(match(1_000_000, "", "inv 2026-10-000007 part 1"))
        .isEqualTo(matched(0, Rule.INVOICE_NUMBER, new Part(OCTOBER.id(), 1_000_000)));
    assertThat(match(2_300_000, "SK hynix", "2026-10-000007"))
        .isEqualTo(matched(100_000, Rule.INVOICE_NUMBER, new Part(OCTOBER.id(), 2_200_000)));
  }

  @Test
  void paysTheOldestOfSeveralNamedFirst() {
    assertThat(match(2_000_000, "", "2026-10-000007,2026-09-000001"))
        .isEqualTo(
            matched(
                0,
                Rule.INVOICE_NUMBER,
                new Part(SEPTEMBER.id(), 1_100_000),
                new Part(OCTOBER.id(), 900_000)));
  }

  @Test
  void leavesANumberThatIsNotOpenToAPersonEvenIfTheAmountFits() {
    assertThat(match(1_100_000, "SK hynix", "2026-08-000001"))
        .isEqualTo(new Open(Reason.INVOICE_NOT_OPEN));
    assertThat(match(1_100_000, "SK hynix", "2026-09-000001 2026-08-000001"))
        .isEqualTo(new Open(Reason.INVOICE_NOT_OPEN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SK hynix", "sk  HYNIX", "(주)SK hynix", "SK hynix Co., Ltd.", "㈜SKhynix"})
  void knowsAPayerHoweverTheBankWritesTheName(String payer) {
    assertThat(match(1_100_000, payer, "")).isInstanceOf(Matched.class);
  }

  @Test
  void knowsAPayerByTheBusinessNumberBeforeTheName() {
    assertThat(match(330_000, "SK hynix", "0000000048"))
        .isEqualTo(matched(0, Rule.EXACT_INVOICE, new Part(ROBOTS.id(), 330_000)));
    assertThat(match(330_000, "한빛로봇", ""))
        .isEqualTo(matched(0, Rule.EXACT_INVOICE, new Part(ROBOTS.id(), 330_000)));
  }

  @Test
  void paysAllThatAPayerOwesWhenTheSumIsExact() {
    assertThat(match(3_300_000, "SK hynix", ""))
        .isEqualTo(
            matched(
                0,
                Rule.EXACT_TOTAL,
                new Part(SEPTEMBER.id(), 1_100_000),
                new Part(OCTOBER.id(), 2_200_000)));
  }

  @ParameterizedTest
  @CsvSource({
    "1100001, SK hynix, OTHER_AMOUNT",
    "1100000, SK telecom, UNKNOWN_PAYER",
    "1100000, '', UNKNOWN_PAYER",
    "1100000, (주), UNKNOWN_PAYER"
  })
  void leavesWhatIsNotClearToAPerson(long amount, String payer, Reason why) {
    assertThat(match(amount, payer, "")).isEqualTo(new Open(why));
  }

  @Test
  void asksAPersonWhenTwoInvoicesOrTwoPayersFit() {
    OpenInvoice twin =
        invoice("2026-11-000001", "120-81-00003", "SK hynix", "2027-01-10", 1_100_000);
    OpenInvoice namesake = invoice("2026-11-000002", "220-81-62517", "SK hynix", "2027-01-10", 5);
    var receipt = new Receipt(DAY, 1_100_000, "SK hynix", "");

    assertThat(PaymentMatcher.match(receipt, List.of(SEPTEMBER, twin)))
        .isEqualTo(new Open(Reason.SEVERAL_INVOICES));
    assertThat(PaymentMatcher.match(receipt, List.of(SEPTEMBER, namesake)))
        .isEqualTo(new Open(Reason.SEVERAL_PAYERS));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void partsAndRestAreTheReceiptWhateverTheOrder(long seed) {
    var random = new Random(seed);
    List<OpenInvoice> open = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      open.add(
          invoice(
              "2026-11-%06d".formatted(i),
              "120-81-00003",
              "SK hynix",
              DAY.plusDays(random.nextInt(60)).toString(),
              1 + random.nextInt(1000)));
    }
    long amount = 1 + random.nextInt(6000);
    String all = String.join(" ", open.stream().map(OpenInvoice::number).toList());
    var receipt = new Receipt(DAY, amount, "", all);
    Matched first = (Matched) PaymentMatcher.match(receipt, open);
    Collections.shuffle(open, random);

    assertThat(PaymentMatcher.match(receipt, open)).isEqualTo(first);
    assertThat(first.parts().stream().mapToLong(Part::amountKrw).sum() + first.restKrw())
        .isEqualTo(amount);
    assertThat(first.parts()).allMatch(part -> part.amountKrw() > 0);
  }

  private static PaymentMatch matched(long rest, Rule by, Part... parts) {
    return new Matched(List.of(parts), rest, by);
  }
}
