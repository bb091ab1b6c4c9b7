package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;

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
            "Invoice %s  %s  %s"
                .formatted(
                    Fields.first(invoice, "number", "id"),
                    Fields.text(invoice, "month"),
                    Fields.text(invoice, "state"))));
    text.append("\nto ")
        .append(Fields.first(invoice, "account.name", "tenant.name", "tenant.slug"));
    String businessNumber =
        Fields.first(invoice, "account.businessNumber", "tenant.businessNumber");
    if (!businessNumber.equals(Fields.NONE)) {
      text.append(" (").append(businessNumber).append(')');
    }
    if (invoice.path("part").asBoolean()) {
      text.append("\nYour tenant's part of it; the invoice was issued to ")
          .append(Fields.first(invoice, "tenant.slug", "tenant"));
    }
    text.append("\n\n");
    for (JsonNode line : invoice.path("lines")) {
      text.append(line(line, terminal)).append('\n');
    }
    return text.append(totals(invoice, terminal)).toString();
  }

  private static String line(JsonNode line, Terminal terminal) {
    Table head =
        new Table()
            .right("LINE")
            .left("DESCRIPTION")
            .left("PROJECT")
            .left("SKU")
            .left("PRICE")
            .right("QUANTITY")
            .left("UNIT")
            .right("KRW");
    head.row(
        Fields.text(line, "lineNumber"),
        Fields.text(line, "description"),
        Fields.first(line, "project.slug", "project"),
        Fields.text(line, "sku"),
        version(line),
        Fields.grouped(Fields.text(line, "quantity")),
        Fields.text(line, "unit"),
        Fields.won(line, "amount"));
    StringBuilder text = new StringBuilder(head.render(terminal));
    text.append(indented(details(line, terminal)));
    return text.toString();
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
          detail.path("gpus").asInt() == 0 ? Fields.NONE : Fields.text(detail, "gpus"),
          version(detail),
          Fields.grouped(exact(detail, "unitPrice")),
          Fields.grouped(exact(detail, "exactAmount")));
    }
    table.row("rounding", "", "", "", "", "", "", Fields.grouped(exact(line, "roundingAmount")));
    return table.render(terminal);
  }

  private static String totals(JsonNode invoice, Terminal terminal) {
    Table table = new Table().left("TOTALS").right("KRW");
    table.row("supply value", Fields.won(invoice, "supplyValue"));
    table.row("VAT", Fields.won(invoice, "vat"));
    table.row("total", Fields.won(invoice, "total")).style(1, Terminal.Style.BOLD);
    for (JsonNode note : invoice.path("notes")) {
      table.row(Fields.text(note, "number"), Fields.won(note, "total"));
    }
    return table.render(terminal);
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
