package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How invoices are reviewed, spoken about and divided, on the command line. */
class FinanceReviewsTest {
  private static final String INVOICE = "/api/v1/finance/invoices/inv_1";
  private static final String BREAKDOWN =
      """
      {"number":"2026-11-000001","by":"COST_CENTER","parts":[
        {"key":"R-100","hours":"12.5","supplyValue":{"amount":"60","currency":"KRW"},
         "vat":{"amount":"6","currency":"KRW"},"total":{"amount":"66","currency":"KRW"}},
        {"key":"","hours":"6","supplyValue":{"amount":"30","currency":"KRW"},
         "vat":{"amount":"3","currency":"KRW"},"total":{"amount":"33","currency":"KRW"}}],
       "supplyValue":{"amount":"90","currency":"KRW"},"vat":{"amount":"9","currency":"KRW"}}""";

  @TempDir Path folder;
  private Console console;

  @BeforeEach
  void sitDown() {
    console = new Console(folder);
  }

  @AfterEach
  void leave() {
    console.close();
  }

  @Test
  void showsAnInvoiceInKoreanWithTaxTypesAndCredits() {
    String invoice =
        InvoiceSample.JSON
            .replace("\"description\"", "\"taxType\":\"EXEMPT\",\"description\"")
            .replace(
                "\"supplyValue\"",
                """
                "credits":[{"id":"c-1","name":"welcome","exactAmount":"9.600000000000",
                  "exactFraction":"48/5","lapsedFraction":"81/40"}],"supplyValue\"""");
    console.with("GPUCLOUD_LANG", "ko").answer("GET " + INVOICE, 200, invoice);

    assertThat(console.line("finance invoices show inv_1"))
        .isEqualTo(
            """
            청구서 2026-11-000001  2026-11  ISSUED
            받는 곳: SK hynix (000-00-00015)

            항목  설명            프로젝트  SKU      단가  과세 유형   수량  단위      원
               1  B200 on demand  fab       b200.od  v1    EXEMPT     0.017  GPU_HOUR  90
                  인스턴스  부터 (서울)          까지 (서울)          초  GPUS  단가  원/단위  정확한 금액
                  train     2026-11-02 09:00:00  2026-11-02 09:01:00  60     8  v1      5,400         90.4
                  반올림                                                                              -0.4

            프로모션 크레딧  사용   소멸
            welcome           9.6  2.025

            합계      원
            공급가액  90
            부가세     9
            합계      99
            """);
  }

  @Test
  void looksAtWhatIsMeantAndShowsTheRest() {
    String anomaly = "{\"code\":\"%s\",\"subject\":\"%s\",\"detail\":\"d\",\"looked\":%s}";
    String one = anomaly.formatted("SUPPLY_CHANGED", "total", "false");
    String other = anomaly.formatted("NEW_SKU", "b300", "false");
    console
        .answer("GET " + INVOICE + "/anomalies", 200, "[" + one + "," + other + "]")
        .answer(
            "GET " + INVOICE + "/anomalies",
            200,
            "[" + anomaly.formatted("SUPPLY_CHANGED", "total", "true") + "," + other + "]")
        .answer("POST " + INVOICE + "/anomalies/look", 200, "[]");

    String shown = console.line("finance reviews look inv_1 --code SUPPLY_CHANGED --note moved");

    assertThat(console.server().apiRequests().get(1).body())
        .isEqualTo(
            "{\"note\":\"moved\",\"code\":\"SUPPLY_CHANGED\",\"subject\":\"total\",\"detail\":\"d\"}");
    assertThat(console.server().apiRequests()).hasSize(3);
    assertThat(shown)
        .isEqualTo(
            """
            CODE            SUBJECT  DETAIL  LOOKED AT
            SUPPLY_CHANGED  total    d       yes
            NEW_SKU         b300     d       no
            """);
    assertThat(console.errors()).isEqualTo("1 looked at.\n");
    assertThat(console.code("finance", "reviews", "look", "inv_1", "--note", "x"))
        .isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void listsDraftsThatWaitForReview() {
    console.answer(
        "GET /api/v1/finance/invoice-reviews",
        200,
        """
        {"items":[{"invoice":"inv_1","month":"2026-11","state":"DRAFT","accountName":"SK",
          "supplyValue":{"amount":"1234567","currency":"KRW"},"unseen":2,"anomalies":[]}]}""");

    assertThat(console.line("finance reviews list -m 2026-11"))
        .isEqualTo(
            """
            INVOICE  MONTH    NAME  STATE     SUPPLY  UNSEEN
            inv_1    2026-11  SK    DRAFT  1,234,567       2
            """);
    assertThat(console.last().uri()).contains("month=2026-11");
  }

  @Test
  void commentsOnAnInvoiceByItsNumber() {
    console
        .answer("GET /api/v1/finance/invoices/2026-11-000001", 200, InvoiceSample.JSON)
        .answer(
            "POST " + INVOICE + "/comments",
            201,
            "{\"id\":\"c-1\",\"text\":\"맞음\",\"by\":\"kim\",\"at\":\"2026-11-02T00:00:00Z\"}");

    assertThat(console.run("finance", "comments", "add", "2026-11-000001", "맞음"))
        .isEqualTo(
            """
            AT (SEOUL)           BY   COMMENT
            2026-11-02 09:00:00  kim  맞음
            """);
    assertThat(console.last().body()).isEqualTo("{\"text\":\"맞음\"}");
    assertThat(console.last().headers()).containsKey("idempotency-key");
  }

  @Test
  void returnsAnInvoiceWithTheReason() {
    console
        .answer("GET " + INVOICE, 200, InvoiceSample.JSON, "ETag", "\"4\"")
        .answer("POST " + INVOICE + "/return", 200, InvoiceSample.JSON)
        .answer("POST " + INVOICE + "/rerate", 200, InvoiceSample.JSON);

    console.run(
        "finance", "invoices", "return", "inv_1", "--comment", "price", "--idempotency-key", "k");

    assertThat(console.last().body()).isEqualTo("{\"comment\":\"price\"}");
    assertThat(console.last().headers())
        .containsEntry("if-match", "\"4\"")
        .containsEntry("idempotency-key", "k");
    console.line("finance invoices rerate inv_1");
    assertThat(console.last().headers()).containsEntry("if-match", "\"4\"");
  }

  @Test
  void dividesAnInvoiceForFinanceAndForItsTenant() {
    String own = "/api/v1/tenants/sk-hynix/invoices/2026-11-000001/breakdown";
    console
        .answer("GET /api/v1/finance/invoices/2026-11-000001/breakdown", 200, BREAKDOWN)
        .answer("GET " + own, 200, BREAKDOWN);

    assertThat(console.line("finance invoices breakdown 2026-11-000001 --by cost-center"))
        .isEqualTo(
            """
            PART   HOURS  SUPPLY  VAT  TOTAL
            R-100   12.5      60    6     66
            -          6      30    3     33
            2026-11-000001: 90 won and 9 won VAT
            """);
    assertThat(console.last().uri()).endsWith("breakdown?by=cost-center");
    console.line("invoices breakdown 2026-11-000001");
    assertThat(console.last().uri()).isEqualTo(own + "?by=project");
  }

  @Test
  void showsWhatIsNoSupplyAsAStatement() {
    String cost = "[{\"key\":\"%s\",\"hours\":\"8\",\"cost\":{\"amount\":\"36000\"}}]";
    console.answer(
        "GET /api/v1/tenants/sk-hynix/invoices/inv_1/chargeback-statement",
        200,
        """
        {"number":"2026-11-000001","month":"2026-11","mode":"COST_SHARE",
         "operator":{"name":"SK"},"recipient":{"name":"SK hynix"},
         "projects":%s,"costCenters":%s,"skus":%s,"total":{"amount":"36000","currency":"KRW"}}"""
            .formatted(cost.formatted("fab"), cost.formatted("R-100"), cost.formatted("b200")));

    assertThat(console.line("invoices statement inv_1"))
        .isEqualTo(
            """
            2026-11-000001  2026-11  COST_SHARE, of SK to SK hynix

            PROJECT  HOURS     KRW
            fab          8  36,000

            COST CENTRE  HOURS     KRW
            R-100            8  36,000

            SKU   HOURS     KRW
            b200      8  36,000

            total: 36,000 won
            """);
  }
}
