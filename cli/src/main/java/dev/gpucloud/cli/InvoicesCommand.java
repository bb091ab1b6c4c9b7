package dev.gpucloud.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "invoices",
    mixinStandardHelpOptions = true,
    description = "The invoices of your tenant.",
    subcommands = {
      InvoicesCommand.ListAll.class,
      InvoicesCommand.Show.class,
      InvoicesCommand.Download.class
    })
final class InvoicesCommand implements Runnable {
  @Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  InvoicesCommand(CliContext context) {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing subcommand.");
  }

  /** A command inside one tenant. */
  abstract static class InTenant extends ApiCommand {
    @Option(
        names = "--tenant",
        paramLabel = "TENANT",
        description = "Slug or id (GPUCLOUD_TENANT); not needed if you belong to one tenant.")
    private @Nullable String tenant;

    InTenant(CliContext context) {
      super(context);
    }

    String path() {
      String found = new Scopes(context(), api()).tenant(tenant);
      return "/tenants/" + ApiClient.escape(found) + "/invoices";
    }
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "All invoices.")
  static final class ListAll extends InTenant {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(api().list(path()), all -> InvoiceTable.list(all, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "One invoice, line by line, each with its breakdown by instance.")
  static final class Show extends InTenant {
    @Parameters(paramLabel = "INVOICE", description = "Its id or number.")
    private String invoice = "";

    Show(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(
          api().get(path() + "/" + ApiClient.escape(invoice)).body(),
          one -> InvoiceTable.one(one, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "download",
      mixinStandardHelpOptions = true,
      description = "Take an issued invoice away as PDF, CSV, FOCUS or tax document.")
  static final class Download extends InvoiceDownload {
    @Option(
        names = "--tenant",
        paramLabel = "TENANT",
        description = "Slug or id (GPUCLOUD_TENANT); not needed if you belong to one tenant.")
    private @Nullable String tenant;

    Download(CliContext context) {
      super(context);
    }

    @Override
    String path() {
      String found = new Scopes(context(), api()).tenant(tenant);
      return "/tenants/" + ApiClient.escape(found) + "/invoices";
    }
  }
}
