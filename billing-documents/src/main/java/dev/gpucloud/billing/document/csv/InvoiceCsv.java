package dev.gpucloud.billing.document.csv;

import dev.gpucloud.billing.document.invoice.InvoiceLine;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.document.invoice.Project;
import dev.gpucloud.contracts.money.Rational;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/**
 * The lines of an invoice for a spreadsheet, in UTF-8 with a mark at the beginning, without which
 * Excel garbles Korean. A name that a spreadsheet would take for a formula gets an apostrophe.
 */
public final class InvoiceCsv {
  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final String FORMULA = "=+-@\t\r";

  private InvoiceCsv() {}

  /** Writes a head and a line for each of the invoice's; the stream stays open. */
  public static void write(IssuedInvoice invoice, OutputStream out) throws IOException {
    Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    writer.write(BYTE_ORDER_MARK);
    writer.write(
        CsvLine.of(
            Stream.of(
                "invoiceNumber",
                "month",
                "lineNumber",
                "project",
                "sku",
                "description",
                "category",
                "originalMonth",
                "priceVersion",
                "taxType",
                "quantity",
                "unit",
                "exactAmount",
                "exactFraction",
                "roundingAmount",
                "supplyValue",
                "vat")));
    for (InvoiceLine line : invoice.lines()) {
      writer.write(CsvLine.of(fields(invoice, line)));
    }
    writer.flush();
  }

  private static Stream<String> fields(IssuedInvoice invoice, InvoiceLine line) {
    Project project = line.project();
    return Stream.of(
        invoice.number(),
        invoice.month().toString(),
        Integer.toString(line.number()),
        safe(project == null ? "" : project.name()),
        safe(line.sku()),
        safe(line.description()),
        line.category().name(),
        line.originalMonth().toString(),
        safe(line.priceVersion()),
        line.taxType().name(),
        plain(line.quantity()),
        line.unit().name(),
        line.exact().toDecimal12(),
        line.exact().toString(),
        line.rounding().toDecimal12(),
        Long.toString(line.supply().amount()),
        Long.toString(line.vat().amount()));
  }

  private static String safe(String text) {
    return !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
  }

  private static String plain(Rational value) {
    BigDecimal stripped = new BigDecimal(value.toDecimal12()).stripTrailingZeros();
    return (stripped.scale() < 0 ? stripped.setScale(0) : stripped).toPlainString();
  }
}
