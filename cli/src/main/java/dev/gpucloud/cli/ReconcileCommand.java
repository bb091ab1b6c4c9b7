package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "reconcile",
    mixinStandardHelpOptions = true,
    description = "Inventory's, agents', metered and billed seconds of an account's month, by day.")
final class ReconcileCommand extends ApiCommand {
  @Option(
      names = "--account",
      required = true,
      paramLabel = "ACCOUNT",
      description = "Id of the billing account.")
  private String account = "";

  @Option(
      names = {"-m", "--month"},
      required = true,
      paramLabel = "YYYY-MM",
      description = "Billing month.")
  private String month = "";

  ReconcileCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run() {
    String path = "/finance/accounts/" + ApiClient.escape(account) + "/reconciliation?month=";
    print(api().get(path + ApiClient.escape(month)).body(), this::table);
    return ExitCode.OK;
  }

  private String table(JsonNode report) {
    Table days =
        new Table()
            .left("DAY")
            .right("RUNS")
            .right("INVENTORY")
            .right("RUNNING")
            .right("UNBILLED")
            .right("METERED")
            .right("BILLED")
            .right("PADDING")
            .right("AGENTS");
    for (JsonNode day : report.path("days")) {
      days.row(
          Fields.text(day, "day"),
          Fields.text(day, "runs"),
          Fields.text(day, "seconds.inventory"),
          Fields.text(day, "seconds.running"),
          Fields.text(day, "seconds.unbilled.provisioning")
              + " + "
              + Fields.text(day, "seconds.unbilled.releasing"),
          Fields.text(day, "seconds.metered"),
          Fields.text(day, "seconds.billed"),
          Fields.text(day, "seconds.padding"),
          Fields.text(day, "seconds.agents"));
    }
    return days.render(terminal()) + differences(report);
  }

  private String differences(JsonNode report) {
    if (report.path("agreed").asBoolean()) {
      return "\nAll agree.\n";
    }
    Table table = new Table().left("DIFFERENCE").left("RUN").left("INSTANCE").right("SECONDS");
    for (JsonNode each : report.path("differences")) {
      table.row(
          Fields.text(each, "kind"),
          Fields.text(each, "runId"),
          Fields.text(each, "instanceId"),
          Fields.text(each, "seconds"));
    }
    return "\n"
        + table.render(terminal())
        + "Ledger off by "
        + Fields.won(report, "ledger.trialBalance")
        + " won, unbilled "
        + Fields.won(report, "ledger.unbilled")
        + " won\n";
  }
}
