package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.QuotaApi;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "quotas",
    mixinStandardHelpOptions = true,
    description =
        "GPUs that the tenant, its projects and its sites hold of each model, and what is free.",
    subcommands = {
      QuotaCommands.Get.class,
      QuotaCommands.Set.class,
      QuotaCommands.Request.class,
      QuotaCommands.Requests.class,
      QuotaCommands.Withdraw.class,
      QuotaCommands.Approve.class,
      BudgetCommands.class
    })
final class QuotasCommand extends ApiCommand {
  private static final int MOST = 1000;

  @Option(names = "--tenant", paramLabel = "TENANT", description = "Slug or id (GPUCLOUD_TENANT).")
  private @Nullable String tenant;

  @Option(
      names = {"-p", "--project"},
      paramLabel = "PROJECT",
      description = "Only this project: its slug or id.")
  private @Nullable String project;

  @Option(names = "--site", paramLabel = "SITE", description = "Only lines of this site.")
  private @Nullable String site;

  @Option(names = "--model", paramLabel = "MODEL", description = "Only this GPU model.")
  private @Nullable String model;

  QuotasCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run() {
    String whose = new Scopes(context(), api()).tenant(tenant);
    var call =
        QuotaApi.quotaResourceUsage(whose).pageSize(MOST).project(project).site(site).model(model);
    print(api().list(call), this::table);
    return ExitCode.OK;
  }

  private String table(JsonNode lines) {
    if (lines.path("items").isEmpty()) {
      return text("No quota is set and nothing is held.%n");
    }
    Table table =
        new Table()
            .left("GPU MODEL")
            .left("PROJECT")
            .left("SITE")
            .right("USED")
            .right("LIMIT")
            .right("FREE")
            .right("VERSION");
    for (JsonNode line : lines.path("items")) {
      table.row(
          Fields.text(line, "model"),
          orAll(line, "project"),
          orAll(line, "site"),
          Fields.text(line, "usedGpus"),
          Fields.text(line, "limitGpus"),
          Fields.text(line, "freeGpus"),
          Fields.text(line, "limitVersion"));
    }
    return table.render(terminal());
  }

  private static String orAll(JsonNode line, String field) {
    return line.hasNonNull(field) ? line.path(field).asText() : "(all)";
  }
}
