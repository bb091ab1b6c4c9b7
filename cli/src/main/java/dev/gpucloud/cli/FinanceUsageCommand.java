package dev.gpucloud.cli;

import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.FinanceApi;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "usage",
    mixinStandardHelpOptions = true,
    description = "What any tenant used in a billing month, as the tenant sees it.")
final class FinanceUsageCommand extends UsageReport {
  @Parameters(paramLabel = "TENANT", description = "Slug or id.")
  private String tenant;

  @SuppressWarnings("NullAway.Init")
  FinanceUsageCommand(CliContext context) {
    super(context);
  }

  @Override
  Call<Call.Nothing, ?> usage(@Nullable YearMonth of) {
    return FinanceApi.financeUsageResourceOfTenantForFinance()
        .pageSize(MOST)
        .tenant(tenant)
        .month(of);
  }
}
