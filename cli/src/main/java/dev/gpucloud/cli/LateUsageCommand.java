package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

@Command(
    name = "late-usage",
    mixinStandardHelpOptions = true,
    description = "What arrived for closed months and was not charged yet, by its age.")
final class LateUsageCommand extends ApiCommand {
  LateUsageCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run() {
    print(api().list("/finance/late-usage"), this::table);
    return ExitCode.OK;
  }

  private String table(JsonNode report) {
    Table table =
        new Table()
            .left("WHO")
            .left("INVOICE")
            .left("MONTH")
            .right("CHARGED")
            .right("RIGHT")
            .right("CHANGE")
            .right("DAYS")
            .left("CHARGED BY");
    for (JsonNode late : report.path("items")) {
      table.row(
          Fields.text(late, "accountName"),
          Fields.text(late, "invoiceNumber"),
          Fields.text(late, "month"),
          Fields.won(late, "chargedSupplyValue"),
          Fields.won(late, "rightSupplyValue"),
          Fields.won(late, "change"),
          Fields.text(late, "ageDays"),
          Fields.text(late, "outcome"));
    }
    return table.render(terminal());
  }
}
