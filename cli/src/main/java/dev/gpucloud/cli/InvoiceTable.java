package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.money.Rational;
import java.util.HashSet;
import java.util.Set;

/** Invoices as text: the lines of the invoice, and below each what it is made of. */
public final class InvoiceTable {
  private InvoiceTable() {}

  /** One row per invoice. */
  static String list(JsonNode invoices, Terminal terminal) {
    Table table =
        new Table()
            .left("NUMBER")
            .left("MONTH")
            .left("TENANT")
            .left("STATE")
            .right("SUPPLY KRW")
            .right("VAT KRW")
            .right("TOTAL KRW")
            .left("ID");
    for (JsonNode invoice : invoices.path("items")) {
      String state = Fields.text(invoice, "state");
      table
          .row(
              Fields.text(invoice, "number"),
              Fields.text(invoice, "month"),
              Fields.first(invoice, "tenant.slug", "tenant"),
              state,
              Fields.won(invoice, "supplyValue"),
              Fields.won(invoice, "vat"),
              Fields.won(invoice, "total"),
              Fields.text(invoice, "id"))
          .style(3, state.equals("ISSUED") ? Terminal.Style.GREEN : Terminal.Style.YELLOW);
    }
    return table.render(terminal);
  }

  /** The whole invoice. */
  public static String one(JsonNode invoice, Terminal terminal) {
    StringBuilder text = new StringBuilder();
    text.append(
        terminal.styled(
            Terminal.Style.BOLD,
            terminal
                .text("Invoice %s  %s  %s")
                .formatted(
                    Fields.first(invoice, "number", "id"),
                    Fields.text(invoice, "month"),
                    Fields.text(invoice, "state"))));
    text.append('\n')
        .append(
            terminal
                .text("to %s")
                .formatted(Fields.first(invoice, "account.name", "tenant.name", "tenant.slug")));
    String businessNumber =
        Fields.first(invoice, "account.businessNumber", "tenant.businessNumber");
    if (!businessNumber.equals(Fields.NONE)) {
      text.append(" (").append(businessNumber).append(')');
    }
    if (invoice.path("part").asBoolean()) {
      text.append('\n')
          .append(
              terminal
                  .text("Your tenant's part of it; the invoice was issued to %s")
                  .formatted(Fields.first(invoice, "tenant.slug", "tenant")));
    }
    text.append("\n\n");
    boolean taxed = needsTaxTypes(invoice);
    for (JsonNode line : invoice.path("lines")) {
      text.append(line(line, taxed, terminal)).append('\n');
    }
    if (!invoice.path("credits").isEmpty()) {
      text.append(credits(invoice.path("credits"), terminal)).append('\n');
    }
    return text.append(totals(invoice, terminal)).toString();
  }

  /** Whether the lines are of several tax types, or of one that is not said by the document. */
  private static boolean needsTaxTypes(JsonNode invoice) {
    Set<String> types = new HashSet<>();
    invoice.path("lines").forEach(line -> types.add(line.path("taxType").asText("TAXED")));
    types.remove("OUT_OF_SCOPE");
    return types.size() > 1 || !Set.of("TAXED").containsAll(types);
  }

  private static String line(JsonNode line, boolean taxed, Terminal terminal) {
    var columns =
        new Columns()
            .number("LINE", "lineNumber")
            .text("DESCRIPTION", "description")
            .text("PROJECT", "project.slug", "project")
            .text("SKU", "sku")
            .left("PRICE", InvoiceTable::version);
    if (taxed) {
      columns.text("TAX TYPE", "taxType");
    }
    columns.number("QUANTITY", "quantity").text("UNIT", "unit").won("KRW", "amount");
    return columns.one(line, terminal) + indented(details(line, terminal));
  }

  /** What promotional credits took off the lines, and what of them lapsed with the month. */
  private static String credits(JsonNode credits, Terminal terminal) {
    return new Columns()
        .text("PROMOTIONAL CREDIT", "name", "id")
        .number("USED", "exactAmount")
        .right("LAPSED", credit -> decimal(Fields.text(credit, "lapsedFraction")))
        .table(credits, terminal);
  }

  private static String decimal(String fraction) {
    return fraction.equals(Fields.NONE)
        ? fraction
        : Fields.grouped(Rational.parse(fraction).toDecimal12());
  }

  private static String details(JsonNode line, Terminal terminal) {
    if (line.path("details").isEmpty()) {
      return "";
    }
    Table table =
        new Table()
            .left("INSTANCE")
            .left("FROM (SEOUL)")
            .left("TO (SEOUL)")
            .right("SECONDS")
            .right("GPUS")
            .left("PRICE")
            .right("KRW/UNIT")
            .right("EXACT KRW");
    for (JsonNode detail : line.path("details")) {
      table.row(
          Fields.first(detail, "instance.name", "instanceName", "instance"),
          Fields.seoulTime(detail, "start"),
          Fields.seoulTime(detail, "end"),
          Fields.grouped(Fields.text(detail, "billedSeconds")),
          Fields.gpus(detail, "instance.instanceType"),
          version(detail),
          Fields.grouped(exact(detail, "unitPrice")),
          Fields.grouped(exact(detail, "exactAmount")));
    }
    table.row(
        terminal.text("rounding"),
        "",
        "",
        "",
        "",
        "",
        "",
        Fields.grouped(exact(line, "roundingAmount")));
    return table.render(terminal);
  }

  private static String totals(JsonNode invoice, Terminal terminal) {
    Table table = new Table().left("TOTALS").right("KRW");
    if (!isStatement(invoice)) {
      table.row(terminal.text("supply value"), Fields.won(invoice, "supplyValue"));
      table.row(terminal.text("VAT"), Fields.won(invoice, "vat"));
    }
    table.row(terminal.text("total"), Fields.won(invoice, "total")).style(1, Terminal.Style.BOLD);
    for (JsonNode note : invoice.path("notes")) {
      table.row(Fields.text(note, "number"), Fields.won(note, "total"));
    }
    return table.render(terminal);
  }

  /** What is no supply has no supply value and no VAT; its lines all say so. */
  private static boolean isStatement(JsonNode invoice) {
    JsonNode lines = invoice.path("lines");
    for (JsonNode line : lines) {
      if (!line.path("taxType").asText().equals("OUT_OF_SCOPE")) {
        return false;
      }
    }
    return !lines.isEmpty()
        || Set.of("COST_SHARE", "SHOWBACK").contains(invoice.at("/account/mode").asText());
  }

  private static String version(JsonNode node) {
    String version = Fields.first(node, "priceVersion.version", "priceVersion.id", "priceVersion");
    return version.matches("[0-9]+") ? "v" + version : version;
  }

  private static String exact(JsonNode node, String name) {
    return Fields.first(node, name + ".decimal", name + ".amount", name + ".fraction", name);
  }

  private static String indented(String text) {
    return text.isEmpty() ? "" : text.indent(6);
  }
}
