package dev.gpucloud.billing.document.tax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gpucloud.billing.document.fixture.Datasets;
import dev.gpucloud.billing.document.fixture.Invoices;
import dev.gpucloud.billing.document.fixture.Invoices.Wanted;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.document.invoice.Party;
import dev.gpucloud.billing.document.invoice.PrepaidPayment;
import dev.gpucloud.billing.document.tax.TaxInvoice.Purpose;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaxInvoicesTest {

  @Test
  void carriesWhatTheInvoiceSays() {
    TaxInvoice document = document(Invoices.large(3));
    assertThat(document.key()).isEqualTo("2026-09-000123").hasSizeLessThanOrEqualTo(24);
    assertThat(document.writeDate()).hasToString("2026-09-30");
    assertThat(document.supplyValue()).isEqualTo(new Won(211_296));
    assertThat(document.vat()).isEqualTo(new Won(21_129));
    assertThat(document.purpose()).isEqualTo(Purpose.CLAIM);
    assertThat(document.items()).hasSize(3);
    assertThat(document.hasDetail()).isFalse();
    assertThat(document.amendment()).isNull();
  }

  @Test
  void isAReceiptWhenPrepaidCreditsPaidAll() {
    IssuedInvoice invoice = Invoices.large(1);
    var paid = List.of(new PrepaidPayment("p", "prepaid", invoice.total()));
    assertThat(document(Invoices.paid(invoice, List.of(), paid)).purpose())
        .isEqualTo(Purpose.RECEIPT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 98, 99})
  void hasAnItemForEachLineUpToNinetyNine(int lines) {
    TaxInvoice document = document(Invoices.large(lines));
    assertThat(document.items()).hasSize(lines);
    assertThat(document.hasDetail()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 300})
  void hasAnItemForEachSkuBeyondNinetyNineLines(int lines) {
    TaxInvoice document = document(Invoices.large(lines));
    assertThat(document.items()).hasSize(97);
    assertThat(document.hasDetail()).isTrue();
    assertThat(document.items().getFirst().remark()).startsWith("내역").endsWith("별첨");
    assertThat(sum(document)).isEqualTo(document.total());
  }

  @Test
  void gathersTheRestInOneItemWhenThereAreMoreThanNinetyNineSkus() {
    var wanted = new ArrayList<Wanted>();
    for (int i = 0; i < 150; i++) {
      wanted.add(
          Wanted.usage(
              "p",
              "sku-" + i,
              Invoices.row(i, 1, 3_600_000, Rational.of(1001), Rational.of(1001))));
    }
    TaxInvoice document = document(Invoices.of(wanted));
    assertThat(document.items()).hasSize(99);
    assertThat(document.items().getLast().name()).endsWith("외 51종");
    assertThat(sum(document)).isEqualTo(document.total());
  }

  @Test
  void acceptsPricesThatIncludeVat() {
    IssuedInvoice invoice =
        Invoices.of(
            List.of(
                Wanted.usage(
                    "p",
                    "sku",
                    Invoices.row(1, 1, 3_600_000, Rational.of(50_000), Rational.of(50_000)))),
            true);
    TaxInvoice document = document(invoice);
    assertThat(document.supplyValue()).isEqualTo(new Won(45_455));
    assertThat(document.vat()).isEqualTo(new Won(4_545));
  }

  @Test
  void acceptsMinusLinesBesideOthers() {
    assertThat(sum(document(Datasets.everyKind(false))))
        .isEqualTo(Datasets.everyKind(false).total());
  }

  @Test
  void hasADocumentOfEachTaxTypeOfWhichTheFirstBearsTheInvoicesNumber() {
    IssuedInvoice mixed = Invoices.withLate(Invoices.large(3), TaxType.ZERO_RATED, 54_000);
    List<TaxInvoice> documents = ((Outcome.Ready) TaxInvoices.of(mixed)).documents();
    assertThat(documents)
        .extracting(TaxInvoice::key, TaxInvoice::taxType, TaxInvoice::supplyValue, TaxInvoice::vat)
        .containsExactly(
            tuple("2026-09-000123", TaxType.TAXED, new Won(211_296), new Won(21_129)),
            tuple("2026-09-000123-Z", TaxType.ZERO_RATED, new Won(54_000), Won.ZERO));
    assertThat(documents.getLast().items()).hasSize(1);
    assertThat(documents.getLast().items().getFirst().remark()).isEqualTo("2026-08");
  }

  @Test
  void whatComesToNothingHasNoDocumentUntilACorrectionMakesIt() {
    IssuedInvoice mixed = Invoices.withLate(Invoices.large(3), TaxType.ZERO_RATED, 0);
    assertThat(((Outcome.Ready) TaxInvoices.of(mixed)).documents())
        .singleElement()
        .satisfies(d -> assertThat(d.taxType()).isEqualTo(TaxType.TAXED));
    IssuedInvoice nothing = Invoices.withLate(Invoices.of(List.of()), TaxType.EXEMPT, 0);
    assertThat(((Outcome.Refused) TaxInvoices.of(nothing)).violations())
        .extracting(Violation::pointer)
        .containsExactly("/supplyValue");

    var item =
        new TaxItem(mixed.writeDate(), "x", null, null, null, new Won(7_000), Won.ZERO, null);
    assertThat(
            ((Outcome.Ready) TaxInvoices.late(mixed, TaxType.ZERO_RATED, List.of(item)))
                .documents())
        .extracting(TaxInvoice::key, TaxInvoice::supplyValue, TaxInvoice::amendment)
        .containsExactly(tuple("2026-09-000123-Z", new Won(7_000), null));
    assertThat(
            ((Outcome.Ready) TaxInvoices.late(nothing, TaxType.EXEMPT, List.of(item))).documents())
        .extracting(TaxInvoice::key)
        .containsExactly("2026-09-000123");
  }

  @Test
  void whatIsNoSupplyStandsOnNoDocumentBesideOthers() {
    IssuedInvoice mixed = Invoices.withLate(Invoices.large(3), TaxType.OUT_OF_SCOPE, 54_000);
    assertThat(((Outcome.Ready) TaxInvoices.of(mixed)).documents())
        .singleElement()
        .satisfies(d -> assertThat(d.supplyValue()).isEqualTo(new Won(211_296)));
  }

  @Test
  void namesEverythingThatIsMissingAtOnce() {
    IssuedInvoice i = Invoices.large(1);
    var broken =
        new IssuedInvoice(
            i.id(),
            "a-number-that-is-far-too-long",
            i.month(),
            i.issuedAt(),
            i.writeDate(),
            null,
            BillingMode.EXTERNAL,
            false,
            Party.of(" ", "12-3"),
            i.accountId(),
            Party.of("x", ""),
            List.of(),
            new Won(10),
            new Won(5),
            new Won(15),
            List.of(),
            List.of());
    assertThat(TaxInvoices.of(broken))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused ->
                assertThat(refused.violations())
                    .extracting(Violation::pointer)
                    .containsExactly(
                        "/key",
                        "/vat",
                        "/supplier/businessNumber",
                        "/supplier/name",
                        "/recipient/businessNumber",
                        "/items",
                        "/supplyValue",
                        "/vat"));
  }

  @Test
  void refusesWhatIsNoSupply() {
    IssuedInvoice i = Invoices.large(1);
    var shared =
        new IssuedInvoice(
            i.id(),
            i.number(),
            i.month(),
            i.issuedAt(),
            i.writeDate(),
            null,
            BillingMode.COST_SHARE,
            false,
            i.supplier(),
            i.accountId(),
            i.recipient(),
            List.of(),
            Won.ZERO,
            Won.ZERO,
            Won.ZERO,
            List.of(),
            List.of());
    assertThat(TaxInvoices.of(shared))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused ->
                assertThat(refused.violations())
                    .extracting(Violation::pointer)
                    .contains("/taxType"));
  }

  static TaxInvoice document(IssuedInvoice invoice) {
    return ((Outcome.Ready) TaxInvoices.of(invoice)).documents().getFirst();
  }

  private static Won sum(TaxInvoice document) {
    return document.items().stream()
        .map(i -> i.supplyValue().plus(i.vat()))
        .reduce(Won.ZERO, Won::plus);
  }
}
