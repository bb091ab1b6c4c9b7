package dev.gpucloud.cli;

import picocli.CommandLine.Option;

/** The options that name a tenant's billing month. */
final class TenantMonth {
  @Option(names = "--tenant", required = true, paramLabel = "TENANT", description = "Slug or id.")
  private String tenant = "";

  @Option(
      names = {"-m", "--month"},
      required = true,
      paramLabel = "YYYY-MM",
      description = "Billing month.")
  private String month = "";

  String tenant() {
    return tenant;
  }

  String month() {
    return month;
  }
}
