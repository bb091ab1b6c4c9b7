package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.CloseApi;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "reconcile",
    mixinStandardHelpOptions = true,
    description = "Seconds as inventory, agents, metering and invoices count them.")
final class ReconcileCommand extends ApiCommand {
  private static final Columns RUNS =
      seconds(new Columns().text("RUN", "runId").text("INSTANCE", "instanceName", "instanceId"));
  private static final Columns DAYS =
      seconds(new Columns().text("DAY", "day").number("RUNS", "runs"));
  private static final Columns DIFFERENCES =
      new Columns()
          .text("DIFFERENCE", "kind")
          .text("RUN", "runId")
          .text("INSTANCE", "instanceId")
          .number("SECONDS", "seconds");

  @Mixin private final BillingAccountsCommand.Named account = new BillingAccountsCommand.Named();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private When when = new When();

  /** A month by its days, or a day by its runs. */
  static final class When {
    @Option(
        names = {"-m", "--month"},
        paramLabel = "YYYY-MM",
        description = "Billing month, day by day.")
    private @Nullable String month;

    @Option(names = "--day", paramLabel = "YYYY-MM-DD", description = "A day, run by run.")
    private @Nullable String day;
  }

  ReconcileCommand(CliContext context) {
    super(context);
  }

  private static Columns seconds(Columns columns) {
    return columns
        .number("INVENTORY", "seconds.inventory")
        .number("RUNNING", "seconds.running")
        .number("PROVISIONING", "seconds.unbilled.provisioning")
        .number("RELEASING", "seconds.unbilled.releasing")
        .number("METERED", "seconds.metered")
        .number("BILLED", "seconds.billed")
        .number("WRITTEN OFF", "seconds.unbilled.writtenOff")
        .number("TAKEN BACK", "seconds.unbilled.takenBack")
        .number("PADDING", "seconds.padding")
        .number("AGENTS", "seconds.agents");
  }

  @Override
  ExitCode run() {
    if (when.day != null) {
      JsonNode runs =
          api().list(CloseApi.reconciliationResourceReconcileDay(account.name(), when.day));
      print(runs, all -> RUNS.table(all.path("items"), terminal()));
    } else {
      var call = CloseApi.reconciliationResourceReconcile(account.name()).month(when.month);
      print(api().get(call).body(), "days", this::table);
    }
    return ExitCode.OK;
  }

  private String table(JsonNode report) {
    return DAYS.table(report.path("days"), terminal()) + "\n" + differences(report);
  }

  private String differences(JsonNode report) {
    if (report.path("agreed").asBoolean()) {
      return text("All agree.%n");
    }
    return DIFFERENCES.table(report.path("differences"), terminal())
        + text(
            "Ledger off by %s won, unbilled %s won%n",
            Fields.won(report, "ledger.trialBalance"), Fields.won(report, "ledger.unbilled"));
  }
}
