package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.client.api.FinanceApi;
import dev.gpucloud.client.api.SpendBudgetsApi;
import dev.gpucloud.client.model.CreateSpendBudget;
import dev.gpucloud.client.model.Money;
import dev.gpucloud.client.model.SetSpendBudget;
import dev.gpucloud.client.model.SpendBudget;
import dev.gpucloud.client.model.SpendThreshold;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "budgets",
    mixinStandardHelpOptions = true,
    description = "Won to spend in each month: alerts, a forecast, and a stop of new instances.",
    subcommands = {
      SpendBudgetsCommand.ListAll.class,
      SpendBudgetsCommand.Show.class,
      SpendBudgetsCommand.Create.class,
      SpendBudgetsCommand.Change.class,
      SpendBudgetsCommand.Delete.class
    })
final class SpendBudgetsCommand extends CommandGroup {
  private static final String NEVER = "never";
  private static final Columns COLUMNS =
      new Columns()
          .text("ID", "id")
          .text("NAME", "name")
          .left("PROJECT", SpendBudgetsCommand::project)
          .text("MONTH", "month")
          .won("SPENT", "spent")
          .won("FORECAST", "forecast")
          .won("AMOUNT", "amount")
          .left("STOPS AT", SpendBudgetsCommand::stopsAt)
          .left("STOPPED", one -> one.path("stopped").asBoolean() ? "yes" : "no");

  SpendBudgetsCommand(CliContext context) {}

  /** The terms that options change; what is not given stays as it is. */
  abstract static class OfTerms extends TenantCommand {
    @Option(
        names = {"-t", "--threshold"},
        paramLabel = "BASIS:PCT",
        description =
            "Tell people there: actual:80 of what is spent, forecast:100 of what the month will"
                + " come to; may be repeated.")
    private List<String> thresholds = List.of();

    @Option(
        names = "--stop-at",
        paramLabel = "PCT",
        description = "Nothing new may start once so many per cent are spent; 'never' for no stop.")
    private @Nullable String stopAt;

    OfTerms(CliContext context) {
      super(context);
    }

    /** What is given; null leaves a field as it is. */
    static @Nullable Money amount(@Nullable String won) {
      return won == null ? null : new Money().amount(won).currency("KRW");
    }

    final @Nullable List<SpendThreshold> thresholds() {
      return thresholds.isEmpty() ? null : thresholds.stream().map(OfTerms::threshold).toList();
    }

    final boolean neverStops() {
      return NEVER.equals(stopAt);
    }

    final @Nullable Integer stopAt() {
      return stopAt == null || neverStops()
          ? null
          : Integer.valueOf(whole(stopAt, "--stop-at is per cent or 'never'"));
    }

    private static SpendThreshold threshold(String text) {
      String[] parts = text.split(":", 2);
      String expected = "--threshold is actual:PCT or forecast:PCT";
      if (parts.length < 2) {
        throw new CliException(ExitCode.USAGE, expected + ", not " + text);
      }
      return new SpendThreshold()
          .basis(parts[0].toUpperCase(Locale.ROOT))
          .percent(whole(parts[1], expected));
    }

    private static int whole(String text, String expected) {
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw new CliException(ExitCode.USAGE, expected + ", not " + text);
      }
    }

    String table(JsonNode budget) {
      return one(budget).render(terminal());
    }
  }

  /** A budget where the caller reaches it: as one of the tenant, or as finance. */
  private static Reached now(TenantCommand of, String id) {
    return Reached.of(
        of.api(),
        SpendBudgetsApi.spendBudgetsResourceShowSpendBudget(id, of.tenant()),
        FinanceApi.financeSpendBudgetsResourceShowSpendBudgetForFinance(id));
  }

  private static Table one(JsonNode budget) {
    Table fields = new Table().left("FIELD").left("VALUE");
    fields.row("id", Fields.text(budget, "id"));
    fields.row("name", Fields.text(budget, "name"));
    fields.row("project", project(budget));
    fields.row("amount", Fields.won(budget, "amount"));
    fields.row("month", Fields.text(budget, "month"));
    fields.row("spent", Fields.won(budget, "spent"));
    fields.row("forecast", Fields.won(budget, "forecast"));
    fields.row("thresholds", thresholds(budget.path("thresholds")));
    fields.row("reached", thresholds(budget.path("reached")));
    fields.row("stops at", stopsAt(budget));
    fields.row("stopped until", Fields.seoulTime(budget, "stoppedUntil"));
    fields.row("looked at", Fields.seoulTime(budget, "lookedAt"));
    return fields;
  }

  private static String project(JsonNode budget) {
    return budget.hasNonNull("project") ? Fields.text(budget, "project.slug") : "(all)";
  }

  private static String stopsAt(JsonNode budget) {
    return budget.hasNonNull("stopAtPercent") ? Fields.text(budget, "stopAtPercent") + " %" : NEVER;
  }

  private static String thresholds(JsonNode all) {
    List<String> texts = new ArrayList<>();
    all.forEach(
        one ->
            texts.add(
                Fields.text(one, "basis").toLowerCase(Locale.ROOT)
                    + ":"
                    + Fields.text(one, "percent")));
    return texts.isEmpty() ? Fields.NONE : String.join(" ", texts);
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Those of a tenant and its projects; with --all those of everybody (finance).")
  static final class ListAll extends TenantCommand {
    @Option(names = "--all", description = "Those of everybody (finance).")
    private boolean all;

    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(
          all
              ? api().list(FinanceApi.financeSpendBudgetsResourceListSpendBudgetsForFinance())
              : api().list(SpendBudgetsApi.spendBudgetsResourceListSpendBudgets(tenant())),
          this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode budgets) {
      return COLUMNS.table(budgets.path("items"), terminal());
    }
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "One budget.")
  static final class Show extends TenantCommand {
    @Parameters(paramLabel = "ID", description = "Id of the budget: sbg_...")
    private String id = "";

    Show(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode budget = now(this, id).answer().body();
      print(budget, shown -> one(shown).render(terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make a budget for a tenant or one of its projects (owners, finance).")
  static final class Create extends OfTerms {
    @Parameters(index = "0", paramLabel = "NAME", description = "What it is called.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "WON", description = "Won for each month.")
    private String won = "";

    @Option(
        names = {"-p", "--project"},
        paramLabel = "PROJECT",
        description = "Of this project of the tenant.")
    private @Nullable String project;

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      CreateSpendBudget body = new CreateSpendBudget().name(name).project(project);
      body.amount(amount(won)).thresholds(thresholds()).stopAtPercent(stopAt());
      if (neverStops()) {
        body.stopAtPercentNone();
      }
      String key = repeat.key();
      var own = SpendBudgetsApi.spendBudgetsResourceCreateSpendBudget(tenant());
      var ofAny = FinanceApi.financeTenantSpendBudgetsResourceCreateSpendBudgetForFinance(tenant());
      print(
          Reached.anywhere(() -> api().post(own, body, key), () -> api().post(ofAny, body, key))
              .body(),
          this::table);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = "Change a budget; what is not given stays (owners, finance).")
  static final class Change extends OfTerms {
    @Parameters(paramLabel = "ID", description = "Id of the budget: sbg_...")
    private String id = "";

    @Option(names = "--name", paramLabel = "NAME", description = "What it is called.")
    private @Nullable String name;

    @Option(names = "--amount", paramLabel = "WON", description = "Won for each month.")
    private @Nullable String won;

    Change(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      Reached now = now(this, id);
      SpendBudget before = new SpendBudget((ObjectNode) now.answer().body());
      SetSpendBudget body =
          new SetSpendBudget()
              .name(name == null ? before.name() : name)
              .amount(won == null ? before.amount() : amount(won))
              .thresholds(thresholds() == null ? before.thresholds() : thresholds())
              .stopAtPercent(stopAt() == null ? before.stopAtPercent() : stopAt());
      if (neverStops()) {
        body.stopAtPercentNone();
      }
      var call =
          now.asStaff()
              ? FinanceApi.financeSpendBudgetsResourceSetSpendBudgetForFinance(id)
              : SpendBudgetsApi.spendBudgetsResourceSetSpendBudget(id, tenant());
      print(api().send(call, body, ifMatch(before.json())).body(), this::table);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Remove a budget; what it stopped may go on (owners, finance).")
  static final class Delete extends TenantCommand {
    @Parameters(paramLabel = "ID", description = "Id of the budget: sbg_...")
    private String id = "";

    Delete(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      Reached now = now(this, id);
      var call =
          now.asStaff()
              ? FinanceApi.financeSpendBudgetsResourceRemoveSpendBudgetForFinance(id)
              : SpendBudgetsApi.spendBudgetsResourceRemoveSpendBudget(id, tenant());
      api().send(call, null, ifMatch(now.answer().body()));
      say("Deleted %s.", id);
      return ExitCode.OK;
    }
  }
}
