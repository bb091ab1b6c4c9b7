package dev.gpucloud.billing.document.csv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.document.fixture.Datasets;
import dev.gpucloud.billing.document.fixture.Invoices;
import dev.gpucloud.billing.document.fixture.Invoices.Wanted;
import dev.gpucloud.contracts.money.Rational;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvoiceCsvTest {

  @Test
  void writesALineForEachOfTheInvoice() throws IOException {
    var row = Invoices.row(1, 1, 1_000_001, Rational.of(10, 3), Rational.of(10, 3));
    var invoice = Invoices.of(List.of(Wanted.usage("한글, \"p\"", "H100.on-demand.kr", row)));
    var out = new ByteArrayOutputStream();
    InvoiceCsv.write(invoice, out);
    String csv = out.toString(StandardCharsets.UTF_8);
    assertThat(csv).startsWith("\uFEFFinvoiceNumber,");
    assertThat(Datasets.parse(csv).get(1))
        .containsExactly(
            "2026-09-000123",
            "2026-09",
            "1",
            "한글, \"p\"",
            "H100.on-demand.kr",
            "NVIDIA H100 80GB, 온디맨드, kr-central",
            "USAGE",
            "2026-09",
            "v7",
            "TAXED",
            "0.277778055556",
            "GPU_HOUR",
            "0.925926851852",
            "1000001/1080000",
            "0.074073148148",
            "1",
            "0");
  }

  @Test
  void disarmsNamesThatASpreadsheetWouldRun() throws IOException {
    var row = Invoices.row(1, 1, 60_000, Rational.ONE, Rational.ONE);
    var out = new ByteArrayOutputStream();
    InvoiceCsv.write(Invoices.of(List.of(Wanted.usage("=cmd()", "H100.x.kr", row))), out);
    assertThat(Datasets.parse(out.toString(StandardCharsets.UTF_8)).get(1).get(3))
        .isEqualTo("'=cmd()");
  }
}
