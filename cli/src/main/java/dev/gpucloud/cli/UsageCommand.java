package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "usage",
    mixinStandardHelpOptions = true,
    description = "What was used in a billing month (Asia/Seoul), before it is invoiced.")
final class UsageCommand extends ApiCommand {
  @Option(
      names = {"-p", "--project"},
      paramLabel = "PROJECT",
      description = "Only this project.")
  private @Nullable String project;

  @Option(names = "--tenant", paramLabel = "TENANT", description = "Slug or id (GPUCLOUD_TENANT).")
  private @Nullable String tenant;

  @Option(
      names = {"-m", "--month"},
      paramLabel = "YYYY-MM",
      description = "Billing month (default: the current one).")
  private @Nullable String month;

  @Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  UsageCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run() {
    String query = "?month=" + month();
    Scopes scopes = new Scopes(context(), api());
    String path =
        project != null
            ? "/projects/" + ApiClient.escape(scopes.project(project, tenant)) + "/usage"
            : "/tenants/" + ApiClient.escape(scopes.tenant(tenant)) + "/usage";
    print(api().get(path + query).body(), this::table);
    return ExitCode.OK;
  }

  private String month() {
    if (month == null) {
      return YearMonth.from(context().clock().instant().atZone(ZoneId.of("Asia/Seoul"))).toString();
    }
    try {
      return YearMonth.parse(month).toString();
    } catch (DateTimeParseException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--month must be like 2026-11, not '" + month + "'.");
    }
  }

  /** The columns are what the rows have: usage grows new measures. */
  private String table(JsonNode usage) {
    JsonNode rows = usage.path("items");
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> row.properties().forEach(field -> addShown(names, field)));
    if (names.isEmpty()) {
      return "No usage in " + month() + ".\n";
    }
    Table table = new Table();
    for (String name : names) {
      String heading = name.replaceAll("([A-Z])", " $1").toUpperCase(Locale.ROOT);
      if (isNumber(rows, name)) {
        table.right(heading);
      } else {
        table.left(heading);
      }
    }
    for (JsonNode row : rows) {
      List<String> cells = new ArrayList<>();
      names.forEach(name -> cells.add(cell(row, name)));
      table.row(cells.toArray(String[]::new));
    }
    return table.render(terminal());
  }

  private static void addShown(Set<String> names, Map.Entry<String, JsonNode> field) {
    if (!field.getValue().isArray()) {
      names.add(field.getKey());
    }
  }

  private static boolean isNumber(JsonNode rows, String name) {
    String sample = cell(rows.path(0), name).replace(",", "");
    return sample.matches("-?[0-9]+(\\.[0-9]+)?");
  }

  private static String cell(JsonNode row, String name) {
    String value =
        Fields.first(
            row,
            name,
            name + ".amount",
            name + ".decimal",
            name + ".slug",
            name + ".name",
            name + ".id");
    return row.path(name).isNumber() || row.path(name).has("amount")
        ? Fields.grouped(value)
        : value;
  }
}
