package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    void putTerms(ObjectNode body, @Nullable String won) {
      if (won != null) {
        body.putObject("amount").put("amount", won).put("currency", "KRW");
      }
      if (!thresholds.isEmpty()) {
        ArrayNode all = body.putArray("thresholds");
        thresholds.forEach(text -> threshold(all.addObject(), text));
      }
      if (stopAt != null && stopAt.equals(NEVER)) {
        body.putNull("stopAtPercent");
      } else if (stopAt != null) {
        body.put("stopAtPercent", whole(stopAt, "--stop-at is per cent or 'never'"));
      }
    }

    private static void threshold(ObjectNode one, String text) {
      String[] parts = text.split(":", 2);
      String expected = "--threshold is actual:PCT or forecast:PCT";
      if (parts.length < 2) {
        throw new CliException(ExitCode.USAGE, expected + ", not " + text);
      }
      one.put("basis", parts[0].toUpperCase(Locale.ROOT)).put("percent", whole(parts[1], expected));
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
          api().list(all ? "/finance/spend-budgets" : tenantPath() + "/spend-budgets"),
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
      JsonNode budget = api().get(tenantPath() + "/spend-budgets/" + ApiClient.escape(id)).body();
      print(budget, shown -> one(shown).render(terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make a budget for a tenant or one of its projects (owners).")
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
      ObjectNode body = Json.object().put("name", name);
      put(body, "project", project);
      putTerms(body, won);
      print(api().post(tenantPath() + "/spend-budgets", body, repeat.key()).body(), this::table);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = "Change a budget; what is not given stays (owners).")
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
      String path = tenantPath() + "/spend-budgets/" + ApiClient.escape(id);
      JsonNode before = api().get(path).body();
      ObjectNode body = Json.object();
      for (String field : new String[] {"name", "amount", "thresholds", "stopAtPercent"}) {
        body.set(field, before.path(field));
      }
      put(body, "name", name);
      putTerms(body, won);
      String version = "\"" + before.path("version").asText() + "\"";
      print(api().send("PUT", path, body, Map.of("If-Match", version)).body(), this::table);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Remove a budget; what it stopped may go on (owners).")
  static final class Delete extends TenantCommand {
    @Parameters(paramLabel = "ID", description = "Id of the budget: sbg_...")
    private String id = "";

    Delete(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      String path = tenantPath() + "/spend-budgets/" + ApiClient.escape(id);
      String version = "\"" + api().get(path).body().path("version").asText() + "\"";
      api().send("DELETE", path, null, Map.of("If-Match", version));
      say("Deleted " + id + ".");
      return ExitCode.OK;
    }
  }
}
