package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Prices, usage, quotas, invoices and notes as their readers see them. */
class BillingViewsTest extends AtACommandLine {
  @Test
  void showsTypesWithThePriceOfTheWholeInstance() {
    loggedIn();
    server.answer(
        "GET /api/v1/instance-types",
        200,
        """
        {"items":[{"id":"b200.8x","model":"b200-sxm-180g","gpus":8,"gpuSlices":64,"vcpus":224,"memoryGib":1792,
                   "price":{"amount":"7200","currency":"KRW","unit":"GPU_HOUR"},"available":1403},
                  {"id":"b200.mig-1g","model":"b200-sxm-180g","gpus":0,"migProfile":"1g.23gb","gpuSlices":1,"vcpus":4,
                   "memoryGib":32,"price":{"amount":"1170","currency":"KRW","unit":"INSTANCE_HOUR"},"available":9},
                  {"id":"h200.1x","model":"h200-sxm-141g","gpus":1,"gpuSlices":8,"vcpus":24,"memoryGib":224,"available":0}]}\
        """);
    assertThat(run("instance-types")).as(err.toString()).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            TYPE         GPU MODEL      GPUS  MIG      VCPUS  MEMORY GIB  KRW/HOUR  FIT NOW
            b200.8x      b200-sxm-180g     8  -          224        1792    57,600     1403
            b200.mig-1g  b200-sxm-180g     -  1g.23gb      4          32     1,170        9
            h200.1x      h200-sxm-141g     1  -           24         224         -        0
            """);
  }

  @Test
  void showsAnInvoiceWithItsBreakdown() {
    loggedIn();
    server.answer("GET /api/v1/tenants/sk-hynix/invoices/inv_1", 200, InvoiceSample.JSON);
    assertThat(run("invoices", "show", "inv_1")).as(err.toString()).isZero();
    assertThat(out.toString()).isEqualTo(InvoiceSample.TEXT);
  }

  @Test
  void showsAStatementOfCostsWithoutWordsOfTax() {
    loggedIn();
    server.answer(
        "GET /api/v1/tenants/sk-hynix/invoices/inv_1",
        200,
        InvoiceSample.JSON.replace("\"sku\"", "\"taxType\":\"OUT_OF_SCOPE\",\"sku\""));

    assertThat(run("invoices", "show", "inv_1")).as(err.toString()).isZero();

    assertThat(out.toString())
        .contains("TOTALS  KRW\ntotal    99\n")
        .doesNotContain("VAT", "supply");
  }

  @Test
  void showsWhichPartOfAGpuAnInstanceIs() {
    loggedIn();
    server.answer(
        "GET /api/v1/tenants/sk-hynix/invoices/inv_1",
        200,
        InvoiceSample.JSON.replace("b200.8x", "b200.mig-3g").replace("\"gpus\":8", "\"gpus\":0"));

    assertThat(run("invoices", "show", "inv_1")).as(err.toString()).isZero();

    assertThat(out.toString()).contains("       60  MIG 3g  v1 ");
  }

  @Test
  void saysThatAnInvoiceIsShownInPart() {
    loggedIn();
    server.answer(
        "GET /api/v1/tenants/sk-hynix/invoices/inv_1",
        200,
        InvoiceSample.JSON.replace("\"state\"", "\"part\":true,\"state\""));

    assertThat(run("invoices", "show", "inv_1")).as(err.toString()).isZero();

    assertThat(out.toString())
        .contains(
            "to SK hynix (000-00-00015)\n"
                + "Your tenant's part of it; the invoice was issued to sk-hynix\n\nLINE");
  }

  @Test
  void approvesAnInvoiceByItsNumber() {
    loggedIn();
    server.answer("GET /api/v1/finance/invoices/2026-11-000001", 200, InvoiceSample.JSON);
    server.answer("GET /api/v1/finance/invoices/inv_1", 200, InvoiceSample.JSON);
    server.answer("POST /api/v1/finance/invoices/inv_1/approve", 200, InvoiceSample.JSON);
    assertThat(run("finance", "invoices", "approve", "2026-11-000001")).as(err.toString()).isZero();
  }

  @Test
  void approvesTheVersionOfTheInvoiceThatStandsNow() {
    loggedIn();
    server.answer("GET /api/v1/finance/invoices/inv_1", 200, InvoiceSample.JSON, "ETag", "\"4\"");
    server.answer("POST /api/v1/finance/invoices/inv_1/approve", 200, InvoiceSample.JSON);
    assertThat(run("finance", "invoices", "approve", "inv_1")).as(err.toString()).isZero();
    assertThat(server.last().headers()).containsEntry("if-match", "\"4\"");
    assertThat(server.last().headers()).containsKey("idempotency-key");
    assertThat(server.last().body()).isEqualTo("{}");
  }

  private static final String NOTE =
      """
      {"id":"nte_1","number":"2026-11-000001-C01","invoiceNumber":"2026-11-000001","kind":"SLA",
       "state":"ISSUED","writeDate":"2026-12-20","why":"down",
       "supplyValue":{"amount":"-2028000","currency":"KRW"},
       "vat":{"amount":"-202800","currency":"KRW"}}\
      """;

  @Test
  void preparesANote() {
    loggedIn();
    server.answer("POST /api/v1/finance/invoices/2026-11-000001/notes", 201, NOTE);
    String line =
        "finance notes create 2026-11-000001 --kind SLA --percent 10 --from 2026-11-03"
            + " --to 2026-11-04 --why down";
    assertThat(run(line.split(" "))).as(err.toString()).isZero();
    assertThat(server.last().headers()).containsKey("idempotency-key");
    assertThat(server.last().body())
        .isEqualTo(
            "{\"kind\":\"SLA\",\"why\":\"down\",\"percent\":\"10\","
                + "\"periodFrom\":\"2026-11-03\",\"periodTo\":\"2026-11-04\"}");
    assertThat(out.toString()).contains("2026-11-000001-C01").contains("-2,028,000");
  }

  @Test
  void preparesANoteAboutAProjectByItsSlug() {
    loggedIn();
    server
        .answer("GET /api/v1/finance/invoices/2026-11-000001", 200, InvoiceSample.JSON)
        .answer("POST /api/v1/finance/invoices/2026-11-000001/notes", 201, NOTE);
    String line = "finance notes create 2026-11-000001 --kind SLA --amount 5 --why down --project ";

    for (String project : List.of("fab", "sk-hynix.fab")) {
      assertThat(run((line + project).split(" "))).as(err.toString()).isZero();
      assertThat(server.last().json().path("project").asText()).isEqualTo("prj_1");
    }
    assertThat(run((line + "lab").split(" "))).isEqualTo(5);
    assertThat(err.toString())
        .contains("The invoice has no lines of project lab.\n  it has lines of: fab\n");
  }

  @Test
  void approvesTheVersionOfTheNoteThatStandsNow() {
    loggedIn();
    server.answer("GET /api/v1/finance/notes/nte_1", 200, NOTE, "ETag", "\"1\"");
    server.answer("POST /api/v1/finance/notes/nte_1/approve", 200, NOTE);
    assertThat(run("finance", "notes", "approve", "nte_1")).as(err.toString()).isZero();
    assertThat(server.last().headers()).containsEntry("if-match", "\"1\"");
  }

  @Test
  void leavesTheCurrentMonthToTheService() {
    loggedIn();
    server.answer(
        "GET /api/v1/tenants/sk-hynix/usage", 200, "{\"month\":\"2028-03\",\"items\":[]}");
    assertThat(run("usage")).as(err.toString()).isZero();
    assertThat(server.last().uri()).doesNotContain("month");
    assertThat(out.toString()).isEqualTo("No usage in 2028-03.\n");
  }

  @Test
  void showsWhatIsHeldAgainstEachLimit() {
    loggedIn();
    server.answer(
        "GET /api/v1/tenants/sk-hynix/quota-usage",
        200,
        """
        {"items":[{"model":"b200-sxm-180g","usedGpus":1.5,"limitGpus":64,"freeGpus":62.5,
                   "usedSlices":12,"limitVersion":3},
                  {"model":"b200-sxm-180g","projectId":"prj_1","project":"fab","site":"kr-ulsan-1",
                   "usedGpus":1,"usedSlices":8,"limitVersion":0}]}\
        """);
    assertThat(run("quotas", "--site", "kr-ulsan-1")).as(err.toString()).isZero();
    assertThat(server.last().uri()).endsWith("?pageSize=1000&site=kr-ulsan-1");
    assertThat(out.toString())
        .isEqualTo(
            """
            GPU MODEL      PROJECT  SITE        USED  LIMIT  FREE  VERSION
            b200-sxm-180g  (all)    (all)        1.5     64  62.5        3
            b200-sxm-180g  fab      kr-ulsan-1     1      -     -        0
            """);
  }

  @Test
  void showsUsageByRunWithItsSum() {
    loggedIn();
    server.answer(
        "GET /api/v1/projects/sk-hynix.fab/usage",
        200,
        """
        {"month":"2026-10","exactAmount":"86400.500000000000","gpuHours":"16.000000000000","items":[
          {"project":{"id":"prj_1","slug":"fab"},"instance":{"id":"ins_1","name":"train"},
           "instanceType":"b200.8x","sku":"b200.od","gpus":8,"start":"2026-10-02T00:00:00Z",
           "end":"2026-10-02T02:00:00Z","billedSeconds":"7200","exactAmount":"86400.500000000000"},
          {"project":{"id":"prj_1","slug":"fab"},"instance":{"id":"ins_2","name":"slice"},
           "instanceType":"b200.mig-1g","gpus":0,"start":"2026-10-02T00:00:00Z",
           "end":"2026-10-02T02:00:00Z","billedSeconds":"7200","exactAmount":"2340"}]}\
        """);
    assertThat(run("usage", "-p", "fab", "--month", "2026-10")).as(err.toString()).isZero();
    assertThat(server.last().uri()).endsWith("?pageSize=1000&month=2026-10");
    assertThat(out.toString())
        .isEqualTo(
            """
            INSTANCE  PROJECT  TYPE           GPUS  FROM (SEOUL)         TO (SEOUL)           SECONDS  EXACT KRW
            train     fab      b200.8x           8  2026-10-02 09:00:00  2026-10-02 11:00:00    7,200   86,400.5
            slice     fab      b200.mig-1g  MIG 1g  2026-10-02 09:00:00  2026-10-02 11:00:00    7,200      2,340

            2026-10: 16 GPU-hours, 86,400.5 won before credits and VAT
            """);
  }

  @Test
  void showsUsageByModel() {
    loggedIn();
    server.answer(
        "GET /api/v1/projects/sk-hynix.fab/usage",
        200,
        """
        {"month":"2026-10","exactAmount":"90000.000000000000","gpuHours":"17.000000000000",
         "models":[
          {"gpuModel":"b200-sxm-180g","gpuHours":"16.000000000000","exactAmount":"86400.500000000000"},
          {"gpuModel":"h100-sxm-80g","gpuHours":"1.000000000000","exactAmount":"3599.500000000000"}],
         "items":[{"runId":"run_1"}]}\
        """);
    assertThat(run("usage", "-p", "fab", "--by", "model")).as(err.toString()).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            GPU MODEL      GPU-HOURS  EXACT KRW
            b200-sxm-180g         16   86,400.5
            h100-sxm-80g           1    3,599.5

            2026-10: 17 GPU-hours, 90,000 won before credits and VAT
            """);
  }
}
