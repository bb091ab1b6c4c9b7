package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an issued invoice is made of for those who bear it inside the recipient. */
final class ChargebackCommands {
  private ChargebackCommands() {}

  /** A command about an issued invoice. */
  abstract static class OnInvoice extends ApiCommand {
    @Parameters(paramLabel = "INVOICE", description = "Its id or number.")
    private String invoice = "";

    OnInvoice(CliContext context) {
      super(context);
    }

    /** As it was named. */
    final String invoice() {
      return invoice;
    }
  }

  /** The invoice's amounts by what they are divided by. */
  abstract static class BreakDown extends OnInvoice {
    private static final Columns PARTS =
        new Columns()
            .text("PART", "key")
            .number("HOURS", "hours")
            .won("SUPPLY", "supplyValue")
            .won("VAT", "vat")
            .won("TOTAL", "total");

    @Option(
        names = "--by",
        paramLabel = "WHAT",
        defaultValue = "project",
        description = "project, sku or cost-center (default: ${DEFAULT-VALUE}).")
    private String by = "project";

    BreakDown(CliContext context) {
      super(context);
    }

    abstract Call<Call.Nothing, ?> breakdown(String invoice, String by);

    @Override
    final ExitCode run() {
      JsonNode found = api().get(breakdown(invoice(), by)).body();
      print(found, "parts", this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode breakdown) {
      return PARTS.table(breakdown.path("parts"), terminal())
          + text(
              "%s: %s won and %s won VAT%n",
              Fields.text(breakdown, "number"),
              Fields.won(breakdown, "supplyValue"),
              Fields.won(breakdown, "vat"));
    }
  }

  /** Costs passed on, or only shown. */
  abstract static class Statement extends OnInvoice {
    Statement(CliContext context) {
      super(context);
    }

    abstract Call<Call.Nothing, ?> statement(String invoice);

    @Override
    final ExitCode run() {
      print(api().get(statement(invoice())).body(), "projects", this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode statement) {
      return text(
              "%s  %s  %s, of %s to %s%n%n",
              Fields.text(statement, "number"),
              Fields.text(statement, "month"),
              Fields.text(statement, "mode"),
              Fields.text(statement, "operator.name"),
              Fields.text(statement, "recipient.name"))
          + costs("PROJECT", statement.path("projects"))
          + costs("COST CENTRE", statement.path("costCenters"))
          + costs("SKU", statement.path("skus"))
          + text("total: %s won%n", Fields.won(statement, "total"));
    }

    private String costs(String by, JsonNode parts) {
      return new Columns()
              .text(by, "key")
              .number("HOURS", "hours")
              .won("KRW", "cost")
              .table(parts, terminal())
          + "\n";
    }
  }
}
