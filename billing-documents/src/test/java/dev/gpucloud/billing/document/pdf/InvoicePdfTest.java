package dev.gpucloud.billing.document.pdf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.document.fixture.Datasets;
import dev.gpucloud.billing.document.fixture.Invoices;
import dev.gpucloud.billing.document.fixture.Invoices.Wanted;
import dev.gpucloud.billing.document.invoice.ExactRow;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.document.invoice.Party;
import dev.gpucloud.billing.document.invoice.PrepaidPayment;
import dev.gpucloud.billing.document.invoice.PromotionalCredit;
import dev.gpucloud.billing.document.tax.Outcome;
import dev.gpucloud.billing.document.tax.TaxInvoices;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.text.Normalizer;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InvoicePdfTest {
  private static final IssuedInvoice THREE_LINES =
      Invoices.paid(
          Invoices.large(3),
          List.of(new PromotionalCredit("c1", "신규 고객 크레딧", Rational.of(1_000_001, 3))),
          List.of(new PrepaidPayment("p1", "2026 prepaid", new Won(10_000))));

  @Test
  void printsEveryFactOfTheHeadInKorean() throws IOException {
    String text = textOf(THREE_LINES, Language.KO);
    assertThat(text)
        .contains("청구서", "2026-09-000123", "2026년 9월", "2026년 9월 30일", "2026년 10월 31일")
        .contains("104-81-37225", "에스케이텔레콤 주식회사", "유영상", "서울특별시 중구 을지로 65")
        .contains("126-81-03725", "에스케이하이닉스 주식회사", "곽노정")
        .contains("공급가액", "부가가치세 (10%)", "신규 고객 크레딧", "-333,333.666666666667")
        .contains("-10,000원", Numbers.won(THREE_LINES.due()) + "원");
  }

  @Test
  void printsTheSameInEnglish() throws IOException {
    String text = textOf(THREE_LINES, Language.EN);
    assertThat(text)
        .contains("Invoice", "2026-09-000123", "September 2026", "30 Sep 2026", "31 Oct 2026")
        .contains("Supply value", "VAT (10%)", "Amount due", "KRW -10,000")
        .contains("KRW " + Numbers.won(THREE_LINES.due()));
  }

  @Test
  void aStatementOfCostsHasNoWordsOfTax() throws IOException {
    IssuedInvoice statement = Invoices.atCost(THREE_LINES);
    String total = Numbers.won(statement.total());
    assertThat(textOf(statement, Language.KO))
        .contains("공동경비 정산서", "발행인", "수신인", "금액 (원)", "합계", total, "위 금액은")
        .doesNotContain("공급", "부가가치세", "세액", "과세");
    assertThat(textOf(statement, Language.EN))
        .contains("Cost share statement", "Issued by", "Amount (KRW)", "Total", total)
        .doesNotContainIgnoringCase("supplier")
        .doesNotContainIgnoringCase("supply")
        .doesNotContain("VAT");
  }

  @Test
  void aLongNameOfPrepaidMoneyIsPrintedToItsEnd() throws IOException {
    IssuedInvoice paid =
        Invoices.paid(
            Invoices.large(3),
            List.of(),
            List.of(
                new PrepaidPayment(
                    "p1", "2026-08-14, advance for the fourth quarter", new Won(10_000))));
    assertThat(textOf(paid, Language.EN).replaceAll("\\s+", " "))
        .contains("Paid from prepaid credit (2026-08-14, advance for the fourth quarter)");
  }

  @Test
  void saysInKoreanWhatIsMissingOfACommitmentAndWhatIsCorrected() throws IOException {
    IssuedInvoice all = Datasets.everyKind(false);
    assertThat(textOf(all, Language.KO)).contains("약정 금액 부족분, ", "월 정정");
    assertThat(textOf(all, Language.EN)).doesNotContain("부족분", "정정");
    assertThat(TaxInvoices.of(all))
        .isInstanceOfSatisfying(
            Outcome.Ready.class,
            made ->
                assertThat(made.documents().getFirst().items())
                    .anyMatch(item -> item.name().startsWith("약정 금액 부족분, ")));
  }

  @Test
  void saysUnderWhichTaxTypeWhatIsBilled() throws IOException {
    IssuedInvoice mixed = Invoices.withLate(Invoices.large(3), TaxType.ZERO_RATED, 54_000);
    assertThat(textOf(mixed, Language.KO))
        .contains("공급가액 (과세)", "공급가액 (영세율)", "54,000원", "부가가치세 (10%)", "265,296원");
    assertThat(textOf(mixed, Language.EN)).contains("Supply value (zero-rated)", "VAT (10%)");
    assertThat(textOf(THREE_LINES, Language.EN)).doesNotContain("(taxed)");
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void printsEveryExactRowAndEachRounding(Language language) throws IOException {
    String text = textOf(THREE_LINES, language);
    THREE_LINES
        .lines()
        .forEach(
            line -> {
              assertThat(text).contains(Numbers.won(line.supply()));
              assertThat(text).contains(Numbers.exact(line.rounding()));
              line.rows()
                  .forEach(
                      row ->
                          assertThat(text)
                              .contains(row.instance().id())
                              .contains(Numbers.exact(row.exact()))
                              .contains(Numbers.seconds(row.billedMillis())));
            });
  }

  @Test
  void numbersThePagesOfThreeHundredLines() throws IOException {
    try (PDDocument document = Loader.loadPDF(pdf(Invoices.large(300), Language.KO))) {
      int pages = document.getNumberOfPages();
      var stripper = new PDFTextStripper();
      stripper.setStartPage(pages);
      assertThat(pages).isGreaterThan(20);
      assertThat(stripper.getText(document)).contains(pages + " / " + pages);
    }
  }

  @Test
  void carriesItsFonts() throws IOException {
    try (PDDocument document = Loader.loadPDF(pdf(THREE_LINES, Language.KO))) {
      var resources = document.getPage(0).getResources();
      List<PDFont> fonts =
          StreamSupport.stream(resources.getFontNames().spliterator(), false)
              .map(name -> font(resources, name))
              .toList();
      assertThat(fonts).isNotEmpty().allMatch(PDFont::isEmbedded);
      assertThat(fonts).allMatch(f -> f.getName().contains("Pretendard"));
    }
  }

  private static PDFont font(PDResources resources, COSName name) {
    try {
      return resources.getFont(name);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void marksEndsThatAreEstimatedAndSaysWhatThatMeans() throws IOException {
    ExactRow known = Invoices.row(1, 8, 60_000, r(1), r(1));
    ExactRow estimated = Invoices.estimated(Invoices.row(2, 8, 60_000, r(1), r(1)));
    IssuedInvoice invoice =
        Invoices.of(List.of(Wanted.usage("p", "h100.on-demand.kr", known, estimated)));
    assertThat(textOf(invoice, Language.KO)).contains("(추정)\n", "(추정): 종료가 확인되지 않아");
    assertThat(textOf(invoice, Language.EN)).contains("(est.)\n", "(est.): the end is not proven");
    assertThat(textOf(THREE_LINES, Language.EN)).doesNotContain("(est.)");
  }

  @Test
  void printsWhichPartOfARowItsLineCharges() throws IOException {
    ExactRow whole = Invoices.row(1, 8, 3_600_000, r(1), r(1));
    ExactRow half = Invoices.half(Invoices.row(2, 8, 3_600_000, r(1), r(1)));
    IssuedInvoice invoice =
        Invoices.of(List.of(Wanted.usage("p", "h100.on-demand.kr", whole, half)));
    assertThat(textOf(invoice, Language.KO)).containsOnlyOnce("×").contains("× 0.5");
  }

  @Test
  void printsWhichPartOfAGpuAnInstanceIs() throws IOException {
    ExactRow whole = Invoices.row(1, 1, 60_000, r(1), r(1));
    var slice =
        new ExactRow(
            new ExactRow.Instance(whole.instance().id(), "slice", "h100.mig-3g"),
            whole.runId(),
            whole.start(),
            whole.end(),
            false,
            whole.billedMillis(),
            0,
            0,
            1,
            whole.quantityHours(),
            "v7",
            r(1),
            r(1),
            "list",
            whole.rated(),
            Rational.ZERO,
            whole.exact(),
            null,
            null);
    IssuedInvoice invoice =
        Invoices.of(List.of(Wanted.usage("p", "h100.mig-3g.on-demand.kr", slice)));
    assertThat(textOf(invoice, Language.KO)).contains("60 MIG 3g v7");
  }

  @Test
  void isTheSameToTheByteEachTime() throws IOException {
    assertThat(pdf(THREE_LINES, Language.KO)).isEqualTo(pdf(THREE_LINES, Language.KO));
  }

  @Test
  void printsTrillionsAndLongNamesWithoutLosingADigit() throws IOException {
    var huge =
        Invoices.row(
            1, 8, 3_600_000L * 720, Rational.of(173_611_111_111L), Rational.of(173_611_111_111L));
    IssuedInvoice invoice =
        Invoices.of(List.of(Wanted.usage("아주긴이름의프로젝트".repeat(12), "H100.on-demand.kr", huge)));
    String text = textOf(invoice, Language.KO);
    assertThat(invoice.total().amount()).isGreaterThan(1_000_000_000_000L);
    assertThat(text).contains(Numbers.money(invoice.due(), Language.KO));
    assertThat(text).contains(Numbers.won(invoice.vat()));
  }

  @Test
  void marksWhatTheFontCannotPrintInsteadOfFailing() throws IOException {
    var party = Party.of("株式会社 𓀀\u0000\n탭\t끝", "123-45-67890");
    IssuedInvoice i = THREE_LINES;
    var odd =
        new IssuedInvoice(
            i.id(),
            i.number(),
            i.month(),
            i.issuedAt(),
            i.writeDate(),
            null,
            i.mode(),
            true,
            i.supplier(),
            i.accountId(),
            party,
            i.lines(),
            i.supplyValue(),
            i.vat(),
            i.total(),
            i.credits(),
            i.payments());
    assertThat(textOf(odd, Language.KO)).contains("탭 끝", "□");
  }

  @Test
  void composesKoreanThatCameInPieces() throws IOException {
    String pieces = Normalizer.normalize("한국", Normalizer.Form.NFD);
    IssuedInvoice invoice =
        Invoices.of(
            List.of(
                Wanted.usage(pieces, "H100.on-demand.kr", Invoices.row(1, 1, 60_000, r(1), r(1)))));
    assertThat(textOf(invoice, Language.KO)).contains("프로젝트 한국");
  }

  private static Rational r(long won) {
    return Rational.of(won);
  }

  private static byte[] pdf(IssuedInvoice invoice, Language language) throws IOException {
    var out = new ByteArrayOutputStream();
    InvoicePdf.write(invoice, language, out);
    return out.toByteArray();
  }

  private static String textOf(IssuedInvoice invoice, Language language) throws IOException {
    try (PDDocument document = Loader.loadPDF(pdf(invoice, language))) {
      return new PDFTextStripper().getText(document).replaceAll("[ \u00a0]+", " ");
    }
  }
}
