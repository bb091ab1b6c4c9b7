package dev.gpucloud.cli;

import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.FinanceApi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Take away what an invoice can be computed again from.",
    subcommands = {FinanceExportCommand.Events.class, FinanceExportCommand.Prices.class})
final class FinanceExportCommand extends CommandGroup {
  FinanceExportCommand(CliContext context) {}

  @Command(
      name = "events",
      mixinStandardHelpOptions = true,
      description = "The events of a tenant's month as they came, one a line.")
  static final class Events extends FileExport {
    @Mixin private final TenantMonth of = new TenantMonth();

    Events(CliContext context) {
      super(context);
    }

    @Override
    String name() {
      return "events.ndjson";
    }

    @Override
    Call<Call.Nothing, ?> content() {
      return FinanceApi.exportsResourceEvents().tenant(of.tenant()).month(of.month());
    }
  }

  @Command(
      name = "prices",
      mixinStandardHelpOptions = true,
      description = "Every price version, discount, agreement and credit.")
  static final class Prices extends FileExport {
    Prices(CliContext context) {
      super(context);
    }

    @Override
    String name() {
      return "prices.json";
    }

    @Override
    Call<Call.Nothing, ?> content() {
      return FinanceApi.exportsResourcePrices();
    }
  }
}
