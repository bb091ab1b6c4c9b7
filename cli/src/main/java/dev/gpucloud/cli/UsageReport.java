package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.client.Call;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that shows what was used in a month, whoever asks. */
abstract class UsageReport extends ApiCommand {
  @Option(
      names = {"-m", "--month"},
      paramLabel = "YYYY-MM",
      description = "Billing month (default: the current one).")
  private @Nullable String month;

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      description = "What a row stands for: run (default), project, model or instance.")
  private By by = By.RUN;

  /** What a row stands for, and where its totals are. */
  enum By {
    RUN("RUN", "items", "runId"),
    PROJECT("PROJECT", "projects", "project.slug"),
    MODEL("GPU MODEL", "models", "gpuModel"),
    INSTANCE("INSTANCE", "instances", "instance.name");

    private final String heading;
    private final String totals;
    private final String name;

    By(String heading, String totals, String name) {
      this.heading = heading;
      this.totals = totals;
      this.name = name;
    }
  }

  static final int MOST = 1000;

  @Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  UsageReport(CliContext context) {
    super(context);
  }

  /** The call for the usage of a month, or of the service's own current one. */
  abstract Call<Call.Nothing, ?> usage(@Nullable YearMonth of);

  @Override
  final ExitCode run() {
    print(allPages(usage(month())), this::table);
    return ExitCode.OK;
  }

  /** The first page with its totals, and the runs of all pages. */
  private JsonNode allPages(Call<Call.Nothing, ?> call) {
    JsonNode first = api().get(call).body();
    boolean more = !first.path("nextPageToken").asText("").isEmpty();
    if (more && first instanceof ObjectNode page && !first.path("nextPageToken").isNull()) {
      page.set("items", api().list(call).path("items"));
      page.remove("nextPageToken");
    }
    return first;
  }

  /** Without a month the service takes its current one, by its own clock. */
  private @Nullable YearMonth month() {
    if (month == null) {
      return null;
    }
    try {
      return YearMonth.parse(month);
    } catch (DateTimeParseException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--month must be like 2026-11, not '" + month + "'.");
    }
  }

  private String table(JsonNode usage) {
    if (usage.path("items").isEmpty()) {
      return text("No usage in %s.", Fields.text(usage, "month")) + "\n";
    }
    return (by == By.RUN ? runs(usage) : totals(usage)) + "\n" + sum(usage);
  }

  private String totals(JsonNode usage) {
    Table table = new Table().left(by.heading).right("GPU-HOURS").right("EXACT KRW");
    for (JsonNode total : usage.path(by.totals)) {
      table.row(
          Fields.text(total, by.name),
          Fields.grouped(Fields.text(total, "gpuHours")),
          Fields.grouped(Fields.text(total, "exactAmount")));
    }
    return table.render(terminal());
  }

  private String runs(JsonNode usage) {
    Table table =
        new Table()
            .left("INSTANCE")
            .left("PROJECT")
            .left("TYPE")
            .right("GPUS")
            .left("FROM (SEOUL)")
            .left("TO (SEOUL)")
            .right("SECONDS")
            .right("EXACT KRW");
    for (JsonNode run : usage.path("items")) {
      String end = Fields.seoulTime(run, "end");
      table.row(
          Fields.text(run, "instance.name"),
          Fields.text(run, "project.slug"),
          Fields.text(run, "instanceType"),
          Fields.gpus(run, "instanceType"),
          Fields.seoulTime(run, "start"),
          end.equals(Fields.NONE) ? terminal().text("running") : end,
          Fields.grouped(Fields.text(run, "billedSeconds")),
          Fields.grouped(Fields.text(run, "exactAmount")));
    }
    return table.render(terminal());
  }

  private String sum(JsonNode usage) {
    StringBuilder text = new StringBuilder();
    text.append(
            text(
                "%s: %s GPU-hours, %s won before credits and VAT",
                Fields.text(usage, "month"),
                Fields.grouped(Fields.text(usage, "gpuHours")),
                Fields.grouped(Fields.text(usage, "exactAmount"))))
        .append('\n');
    for (JsonNode unpriced : usage.path("unpriced")) {
      text.append(
              text(
                  "no price in force for %s from %s",
                  Fields.text(unpriced, "sku"), Fields.seoulTime(unpriced, "from")))
          .append('\n');
    }
    return text.toString();
  }
}
