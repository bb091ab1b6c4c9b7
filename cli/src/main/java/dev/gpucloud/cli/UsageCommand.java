package dev.gpucloud.cli;

import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.UsageApi;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "usage",
    mixinStandardHelpOptions = true,
    description = "What was used in a billing month (Asia/Seoul), before it is invoiced.")
final class UsageCommand extends UsageReport {
  @Option(
      names = {"-p", "--project"},
      paramLabel = "PROJECT",
      description = "Only this project.")
  private @Nullable String project;

  @Option(names = "--tenant", paramLabel = "TENANT", description = "Slug or id (GPUCLOUD_TENANT).")
  private @Nullable String tenant;

  UsageCommand(CliContext context) {
    super(context);
  }

  @Override
  Call<Call.Nothing, ?> usage(@Nullable YearMonth of) {
    Scopes scopes = new Scopes(context(), api());
    return project != null
        ? UsageApi.usageResourceOfProject(scopes.project(project, tenant)).pageSize(MOST).month(of)
        : UsageApi.usageResourceOfTenant(scopes.tenant(tenant)).pageSize(MOST).month(of);
  }
}
