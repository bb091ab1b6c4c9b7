package dev.gpucloud.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command on what belongs to one tenant. */
abstract class TenantCommand extends ApiCommand {
  @Option(names = "--tenant", paramLabel = "TENANT", description = "Slug or id (GPUCLOUD_TENANT).")
  private @Nullable String tenant;

  TenantCommand(CliContext context) {
    super(context);
  }

  /** Path of the tenant that was named, or that of the settings. */
  String tenantPath() {
    return "/tenants/" + ApiClient.escape(new Scopes(context(), api()).tenant(tenant));
  }
}
