package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tax documents, postings, payments and late usage on the command line. */
class FinanceBooksTest {
  private static final String TAX =
      """
      {"key":"2026-11-000001","kind":"ORIGINAL","state":"ISSUED","writeDate":"2026-11-30",
       "supplyValue":{"amount":"90","currency":"KRW"},"vat":{"amount":"9","currency":"KRW"},
       "transmitBy":"2026-12-11",
       "warnings":[{"code":"TRANSMISSION_DUE_SOON","deadline":"2026-12-11"}]}\
      """;

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
  void amendsATaxDocument() {
    String path = "/api/v1/finance/invoices/inv_1/tax-documents";
    console.answer("POST " + path, 201, "{\"items\":[" + TAX + "],\"issueBy\":\"2026-12-10\"}");

    String table =
        console.line(
            "finance tax-documents create inv_1 --reason 1 --item H200=117000 --item H100=2000");

    assertThat(console.last().body())
        .isEqualTo(
            "{\"reason\":1,\"items\":[{\"name\":\"H200\",\"supplyValue\":\"117000\"},"
                + "{\"name\":\"H100\",\"supplyValue\":\"2000\"}]}");
    assertThat(table)
        .contains("2026-11-000001  ORIGINAL  -       ISSUED  2026-11-30      90    9  2026-12-11")
        .contains("TRANSMISSION_DUE_SOON 2026-12-11")
        .endsWith("to be issued by 2026-12-10\n");
    console.line("finance tax-documents create inv_1");
    assertThat(console.last().body()).isEqualTo("{}");
    console.line("finance tax-documents create inv_1 --reason 6 --tax-type ZERO_RATED");
    assertThat(console.last().body()).isEqualTo("{\"reason\":6,\"taxType\":\"ZERO_RATED\"}");
  }

  @Test
  void carriesADocumentToTheTaxOffice() {
    String path = "/api/v1/finance/tax-documents/2026-11-000001";
    console
        .answer("POST " + path + "/transmit", 200, TAX)
        .answer("POST " + path + "/accept", 200, TAX)
        .answer("POST " + path + "/reject", 200, TAX)
        .answer(
            "POST /api/v1/finance/notes/nte_1/tax-documents", 201, "{\"keys\":[\"k-1\",\"k-2\"]}");

    console.line("finance tax-documents transmit 2026-11-000001");
    assertThat(console.last().body()).isEmpty();
    console.line("finance tax-documents accept 2026-11-000001 --approval-number 123");
    assertThat(console.last().body()).isEqualTo("{\"approvalNumber\":\"123\"}");
    console.line("finance tax-documents reject 2026-11-000001 --reason number");
    assertThat(console.last().body()).isEqualTo("{\"reason\":\"number\"}");
    assertThat(console.line("finance tax-documents of-note nte_1")).isEqualTo("KEY\nk-1\nk-2\n");
  }

  @Test
  void setsTheLateUsagePolicyThatItHasSeen() {
    String path = "/api/v1/finance/accounts/a-1/late-usage-policy";
    console
        .answer(
            "GET " + path, 200, "{\"way\":\"AMENDED\",\"writeOffBelowKrw\":\"0\",\"version\":0}")
        .answer(
            "PUT " + path,
            200,
            "{\"way\":\"NEXT_INVOICE\",\"writeOffBelowKrw\":\"1000\",\"version\":1}");

    String set =
        console.line(
            "finance late-usage set-policy --account a-1 --way NEXT_INVOICE --write-off-below 1000");

    assertThat(console.last().headers()).containsEntry("if-match", "\"0\"");
    assertThat(console.last().body())
        .isEqualTo("{\"way\":\"NEXT_INVOICE\",\"writeOffBelowKrw\":\"1000\"}");
    assertThat(set)
        .isEqualTo(
            """
            CHARGED BY    WRITTEN OFF BELOW  VERSION
            NEXT_INVOICE              1,000  1
            """);
  }

  @Test
  void ageingOfLateUsageIsWhatTheCommandShowsByItself() {
    console.answer(
        "GET /api/v1/finance/late-usage",
        200,
        """
        {"items":[{"accountName":"SK","invoiceNumber":"2026-11-000001","month":"2026-11",
          "chargedSupplyValue":{"amount":"504000"},"rightSupplyValue":{"amount":"117000"},
          "change":{"amount":"-387000"},"ageDays":12,"outcome":"AMENDED"}]}""");

    assertThat(console.line("finance late-usage"))
        .isEqualTo(
            """
            WHO  INVOICE         MONTH    CHARGED    RIGHT    CHANGE  DAYS  CHARGED BY
            SK   2026-11-000001  2026-11  504,000  117,000  -387,000    12  AMENDED
            """);
  }

  @Test
  void takesTheLedgerAwayAndNeverOverAFile() throws IOException {
    console.answer("GET /api/v1/finance/ledger/lines.csv", 200, "a,b\r\n");

    console.line("finance ledger export --from 2026-11-01 --to 2026-11-30");

    assertThat(console.last().uri()).endsWith("lines.csv?from=2026-11-01&to=2026-11-30");
    assertThat(Files.readString(folder.resolve("ledger.csv"))).isEqualTo("a,b\r\n");
    int before = console.server().apiRequests().size();
    assertThat(console.code("finance", "ledger", "export")).isEqualTo(ExitCode.USAGE.code());
    assertThat(console.errors()).contains("There is a file ledger.csv already.");
    assertThat(console.server().apiRequests()).hasSize(before);
  }

  @Test
  void listsPostingsOfADocument() {
    console.answer(
        "GET /api/v1/finance/ledger/lines",
        200,
        """
        {"items":[{"postedAt":"2026-11-02T00:00:00Z","document":"2026-11-000001","kind":"ISSUE",
          "tenant":"ten_1","account":"REVENUE","amount":{"amount":"-90","currency":"KRW"},
          "postedBy":"0f3c-9a","postedByName":"kim"},
          {"postedAt":"2026-11-02T00:00:00Z","document":"2026-11-000002","kind":"ISSUE",
          "tenant":"ten_1","account":"REVENUE","amount":{"amount":"-90","currency":"KRW"},
          "postedBy":"0f3c-9b"}]}""");

    assertThat(console.line("finance ledger lines --document 2026-11-000001"))
        .contains("2026-11-02 09:00:00  2026-11-000001  ISSUE  ten_1   REVENUE     -90  kim")
        .contains("2026-11-000002  ISSUE  ten_1   REVENUE     -90  0f3c-9b");
    assertThat(console.last().uri()).contains("document=2026-11-000001");
  }

  @Test
  void takesAwayWhatAnInvoiceIsMadeOf() throws IOException {
    console
        .answer("GET /api/v1/finance/exports/events", 200, "{}\n")
        .answer("GET /api/v1/finance/exports/prices", 200, "{\"format\":\"1\"}");

    console.line("finance export events --tenant sk-hynix -m 2026-11 --file e.ndjson");
    assertThat(console.last().uri()).endsWith("events?tenant=sk-hynix&month=2026-11");
    console.line("finance export prices");

    assertThat(Files.readString(folder.resolve("e.ndjson"))).isEqualTo("{}\n");
    assertThat(folder.resolve("prices.json")).hasContent("{\"format\":\"1\"}");
  }

  @Test
  void aBundleHasAllThatAnInvoiceRestsOnAndIsNotChangedUnseen() throws IOException {
    console
        .answer(
            "GET /api/v1/finance/invoices/2026-11-000001",
            200,
            "{\"month\":\"2026-11\",\"tenant\":{\"slug\":\"sk-hynix\"},\"rate\":1.50,\"lines\":[]}")
        .answer("GET /api/v1/finance/exports/events", 200, "{\"id\":\"e1\"}\n{\"id\":\"e2\"}\n")
        .answer("GET /api/v1/finance/exports/prices", 200, "{\"accounts\":[]}");

    console.line("finance export bundle 2026-11-000001");
    assertThat(console.last().uri()).endsWith("events?tenant=sk-hynix&month=2026-11");
    Path bundle = folder.resolve("2026-11-000001.bundle");
    List<String> lines = Files.readAllLines(bundle);
    assertThat(lines.stream().map(line -> line.substring(65)).toList())
        .startsWith("format gpucloud.bundle/v1", "invoice {")
        .contains("invoice   \"rate\" : 1.50,", "prices   \"accounts\" : [ ]")
        .endsWith("event {\"id\":\"e1\"}", "event {\"id\":\"e2\"}", "end 2026-11-000001");
    assertThat(console.errors())
        .isEqualTo(
            "Wrote 2026-11-000001.bundle, which ends with the hash %s.\n"
                .formatted(lines.getLast().substring(0, 64)));

    Files.writeString(bundle, Files.readString(bundle).replace("e2", "e3"));
    assertThat(console.code("verify", "bundle", "2026-11-000001.bundle")).isEqualTo(9);
  }

  @Test
  void importsABanksListAndShowsWhatAPersonDecides() throws IOException {
    Files.writeString(folder.resolve("bank.csv"), "list");
    console.answer(
        "POST /api/v1/finance/imports/payments",
        200,
        """
        {"lines":3,"skipped":2,"recorded":2,"known":1,"matched":1,"open":[
          {"id":"pay_1","receivedOn":"2026-12-01","amount":{"amount":"99"},"open":{"amount":"99"},
           "payer":"김","reference":"?","match":"NONE"}]}""");

    assertThat(console.line("finance payments import bank.csv"))
        .isEqualTo(
            """
            ID     RECEIVED    AMOUNT  OPEN  PAYER  REFERENCE  MATCH
            pay_1  2026-12-01      99    99  김     ?          NONE
            """);
    assertThat(console.errors())
        .isEqualTo(
            """
            3 lines: 2 recorded, of which 1 wholly matched; 1 known from before.
            2 payments out skipped.
            """);
  }

  @Test
  void showsToATenantHowItsInvoiceStands() {
    console.answer(
        "GET /api/v1/tenants/sk-hynix/invoices/inv_1/payments",
        200,
        """
        {"number":"2026-11-000001","state":"OVERDUE","dueOn":"2026-12-31",
         "total":{"amount":"99"},"paid":{"amount":"9"},"open":{"amount":"90"},"allocations":[],
         "dunning":[{"number":1,"name":"reminder","daysLate":7,"open":{"amount":"90"}}]}""");

    assertThat(console.line("invoices payments inv_1"))
        .isEqualTo(
            """
            INVOICE         STATE    DUE ON      TOTAL  PAID  OPEN
            2026-11-000001  OVERDUE  2026-12-31     99     9    90
            reminder, 7 days late, 90 won open
            """);
  }

  @Test
  void reconcilesADayRunByRun() {
    console.answer(
        "GET /api/v1/finance/accounts/a-1/reconciliation/2026-11-02",
        200,
        """
        {"items":[{"runId":"run_1","instanceName":"train","seconds":{"inventory":"3660",
          "running":"3600","unbilled":{"provisioning":"60","releasing":"0","writtenOff":"600",
          "takenBack":"0"},"metered":"3600","billed":"3000","padding":"0","agents":"3540"}}]}""");

    assertThat(console.line("finance reconcile --account a-1 --day 2026-11-02"))
        .contains("METERED  BILLED  WRITTEN OFF  TAKEN BACK  PADDING")
        .contains(
            "run_1  train         3,660    3,600            60          0    3,600   3,000"
                + "          600           0        0");
    assertThat(console.code("finance", "reconcile", "--account", "a-1"))
        .isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void showsWhatAnyTenantUsed() {
    console.answer(
        "GET /api/v1/finance/usage",
        200,
        """
        {"month":"2026-11","exactAmount":"57600","gpuHours":"8","items":[{"runId":"run_1"}],
         "models":[{"gpuModel":"b200-sxm-180g","gpuHours":"8","exactAmount":"57600"}]}""");

    assertThat(console.line("finance usage acme -m 2026-11 --by model"))
        .isEqualTo(
            """
            GPU MODEL      GPU-HOURS  EXACT KRW
            b200-sxm-180g          8     57,600

            2026-11: 8 GPU-hours, 57,600 won before credits and VAT
            """);
    assertThat(console.last().uri()).endsWith("?pageSize=1000&tenant=acme&month=2026-11");
  }

  @Test
  void saysWhatBlocksATenantsMonth() {
    String path = "GET /api/v1/finance/months/2026-11/readiness";
    console
        .answer(
            path,
            200,
            """
            {"month":"2026-11","ready":false,"blockers":[
              {"code":"NO_PRICE","subject":"b300","detail":"No price."}]}""")
        .answer(path, 200, "{\"month\":\"2026-11\",\"ready\":true,\"blockers\":[]}");

    assertThat(console.line("finance close ready 2026-11 --tenant sk-hynix"))
        .contains("NO_PRICE  b300     No price.");
    assertThat(console.line("finance close ready 2026-11 --tenant sk-hynix"))
        .isEqualTo("Nothing blocks 2026-11.\n");
  }

  @Test
  void listsTheNotesOfAnInvoiceOrOfAState() {
    console
        .answer("GET /api/v1/finance/invoices/inv_1/notes", 200, "{\"items\":[{\"id\":\"nte_1\"}]}")
        .answer("GET /api/v1/finance/notes", 200, "{\"items\":[]}");

    assertThat(console.line("finance notes list --invoice inv_1")).contains("nte_1");
    console.line("finance notes list --state IN_REVIEW");
    assertThat(console.last().uri()).contains("/notes?state=IN_REVIEW");
    assertThat(console.code("finance", "notes", "list", "--state", "A", "--invoice", "b"))
        .isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void endsAsTheApiRefuses() {
    String path = "POST /api/v1/finance/payments/pay_1/allocations";
    String problem = "{\"code\":\"%s\",\"title\":\"t\",\"status\":%d,\"detail\":\"d\"}";
    String[] command = "finance payments allocate pay_1 inv_1 --amount 9".split(" ");
    console.answer(path, 403, problem.formatted("FORBIDDEN", 403));
    assertThat(console.code(command)).isEqualTo(4);
    console.answer(path, 404, problem.formatted("NOT_FOUND", 404));
    assertThat(console.code(command)).isEqualTo(4);
    assertThat(console.code(command)).isEqualTo(5);
  }
}
