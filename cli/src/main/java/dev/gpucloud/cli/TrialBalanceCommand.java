package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.LedgerApi;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "trial-balance",
    mixinStandardHelpOptions = true,
    description = "What every account of the books comes to.")
final class TrialBalanceCommand extends ApiCommand {
  @Option(
      names = "--as-of",
      paramLabel = "YYYY-MM-DD",
      description = "End of this day in Seoul (default: today).")
  private @Nullable String asOf;

  TrialBalanceCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run() {
    var call = LedgerApi.ledgerResourceTrialBalance().asOf(asOf);
    print(api().get(call).body(), "accounts", this::table);
    return ExitCode.OK;
  }

  private String table(JsonNode balance) {
    Table table = new Table().left("ACCOUNT").right("DEBIT").right("CREDIT").right("BALANCE");
    for (JsonNode each : balance.path("accounts")) {
      table.row(
          Fields.text(each, "account"),
          Fields.won(each, "debit"),
          Fields.won(each, "credit"),
          Fields.won(each, "balance"));
    }
    table.row(
        text("total"),
        Fields.won(balance, "debit"),
        Fields.won(balance, "credit"),
        Fields.won(balance, "difference"));
    return table.render(terminal());
  }
}
