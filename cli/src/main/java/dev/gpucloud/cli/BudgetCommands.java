package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.BudgetsApi;
import dev.gpucloud.client.model.SetBudget;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "budgets",
    mixinStandardHelpOptions = true,
    description = "GPU hours that a tenant or a project may use in a time.",
    subcommands = {BudgetCommands.ListAll.class, BudgetCommands.Change.class})
final class BudgetCommands extends CommandGroup {
  private static final Columns COLUMNS =
      new Columns()
          .text("GPU MODEL", "model")
          .text("PROJECT", "projectId")
          .number("GPU HOURS", "limitGpuHours")
          .number("USED", "usedGpuHours")
          .time("FROM (SEOUL)", "windowStart")
          .time("UNTIL (SEOUL)", "windowEnd")
          .left("EXHAUSTED", row -> row.path("exhausted").asBoolean() ? "yes" : "no");

  BudgetCommands(CliContext context) {}

  private static JsonNode all(TenantCommand of) {
    return Reached.list(
        of.api(),
        BudgetsApi.budgetResourceListBudgets(of.tenant()),
        BudgetsApi.adminBudgetResourceListBudgetsForPlatform(of.tenant()));
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Those of a tenant and its projects.")
  static final class ListAll extends TenantCommand {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return show(all(this), COLUMNS);
    }
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = "Set the tenant's budget (platform) or a project's (owners).",
      footer = {"%nExample:", "  gpucloud quotas budgets set b200 100000 -p fab --warn-at 80"})
  static final class Change extends TenantCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "GPU model.")
    private String model = "";

    @Parameters(index = "1", paramLabel = "HOURS", description = "GPU hours.")
    private long hours;

    @Option(
        names = {"-p", "--project"},
        paramLabel = "PROJECT",
        description = "Of this project of the tenant.")
    private @Nullable String project;

    @Option(
        names = "--from",
        paramLabel = "TIME",
        description = "When it begins, such as 2026-11-01T00:00:00+09:00.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "When it ends, in the same form.")
    private @Nullable String to;

    @Option(
        names = "--warn-at",
        paramLabel = "PCT",
        description = "Tell people when so many per cent are used; may be repeated.")
    private List<Integer> warnAt = List.of();

    Change(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      SetBudget body = new SetBudget().limitGpuHours(hours).from(time(from)).to(time(to));
      body.warnAtPct(warnAt.isEmpty() ? null : warnAt);
      String id = project == null ? null : projectId(project);
      Call<SetBudget, ?> call =
          id == null
              ? BudgetsApi.budgetResourceSetBudget(model, tenant())
              : BudgetsApi.projectBudgetResourceSetBudgetOfProject(model, id, tenant());
      return showOne(api().send(call, body, ifMatch(now(id))).body(), COLUMNS);
    }

    /** The budget as it is; version 0 when none was ever set. */
    private JsonNode now(@Nullable String id) {
      for (JsonNode budget : all(this).path("items")) {
        if (budget.path("model").asText().equals(model)
            && budget.path("projectId").asText("").equals(id == null ? "" : id)) {
          return budget;
        }
      }
      return Json.object().put("version", 0);
    }

    private static @Nullable String time(@Nullable String typed) {
      try {
        return typed == null ? null : OffsetDateTime.parse(typed).toInstant().toString();
      } catch (DateTimeParseException e) {
        throw new CliException(
            ExitCode.USAGE,
            "'" + typed + "' is no time with its offset.",
            "example: 2026-11-01T00:00:00+09:00");
      }
    }
  }
}
