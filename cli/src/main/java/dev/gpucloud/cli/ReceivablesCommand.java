package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.PaymentsApi;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "receivables",
    mixinStandardHelpOptions = true,
    description = "What is open, by who owes it and how late it is.")
final class ReceivablesCommand extends ApiCommand {
  @Option(
      names = "--as-of",
      paramLabel = "YYYY-MM-DD",
      description = "Day that lateness is counted to (default: today in Seoul).")
  private @Nullable String asOf;

  ReceivablesCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run() {
    var call = PaymentsApi.receivablesResourceReceivables().asOf(asOf);
    print(api().get(call).body(), this::table);
    return ExitCode.OK;
  }

  private String table(JsonNode report) {
    Table table =
        new Table()
            .left("WHO")
            .left("BUSINESS NO")
            .right("INVOICES")
            .left("OLDEST DUE")
            .right("NOT DUE")
            .right("1-30")
            .right("31-60")
            .right("61-90")
            .right("OVER 90")
            .right("OPEN");
    for (JsonNode debtor : report.path("items")) {
      row(
          table,
          new String[] {
            Fields.text(debtor, "name"),
            Fields.text(debtor, "businessNumber"),
            Fields.text(debtor, "invoices"),
            Fields.text(debtor, "oldestDueOn")
          },
          debtor.path("ageing"));
    }
    row(table, new String[] {text("total"), "", "", ""}, report.path("total"));
    return table.render(terminal())
        + text("%nReceived, and for no invoice yet: %s won%n", Fields.won(report, "unapplied"));
  }

  private static void row(Table table, String[] head, JsonNode ageing) {
    table.row(
        head[0],
        head[1],
        head[2],
        head[3],
        Fields.won(ageing, "notDue"),
        Fields.won(ageing, "to30Days"),
        Fields.won(ageing, "to60Days"),
        Fields.won(ageing, "to90Days"),
        Fields.won(ageing, "over90Days"),
        Fields.won(ageing, "open"));
  }
}
