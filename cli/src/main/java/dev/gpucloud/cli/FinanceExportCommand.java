package dev.gpucloud.cli;

import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.FinanceApi;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Take away what an invoice can be computed again from.",
    subcommands = {
      FinanceExportCommand.Events.class,
      FinanceExportCommand.Prices.class,
      FinanceExportCommand.Bundle.class
    })
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

  @Command(
      name = "bundle",
      mixinStandardHelpOptions = true,
      description = {
        "An invoice with the events and prices that it rests on, in one file whose lines are chained.",
        "'gpucloud verify bundle' proves it. Note the last hash elsewhere."
      })
  static final class Bundle extends ApiCommand {
    @Parameters(paramLabel = "INVOICE", description = "Its id or number.")
    private String invoice = "";

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "A new file (default: INVOICE.bundle).")
    private @Nullable Path file;

    Bundle(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      Path named = file == null ? Path.of(invoice + ".bundle") : file;
      var folder = new WorkingFolder(context());
      folder.requireNew(named);
      var bundle = new InvoiceBundle(api(), invoice);
      folder.write(named, bundle.content());
      say("Wrote %s, which ends with the hash %s.", named, bundle.head());
      return ExitCode.OK;
    }
  }
}
