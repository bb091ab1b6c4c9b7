package dev.gpucloud.cli;

import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.InvoicesApi;
import dev.gpucloud.client.api.PaymentsApi;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "invoices",
    mixinStandardHelpOptions = true,
    description = "The invoices of your tenant.",
    subcommands = {
      InvoicesCommand.ListAll.class,
      InvoicesCommand.Show.class,
      InvoicesCommand.BreakDown.class,
      InvoicesCommand.Statement.class,
      InvoicesCommand.Payments.class,
      InvoicesCommand.Download.class
    })
final class InvoicesCommand extends CommandGroup {
  InvoicesCommand(CliContext context) {}

  /** The option that names the tenant whose invoices are meant. */
  static final class Of {
    @Option(
        names = "--tenant",
        paramLabel = "TENANT",
        description = "Slug or id (GPUCLOUD_TENANT); not needed if you belong to one tenant.")
    private @Nullable String tenant;

    String tenant(ApiCommand command) {
      return new Scopes(command.context(), command.api()).tenant(tenant);
    }
  }

  /** A command inside one tenant. */
  abstract static class InTenant extends ApiCommand {
    @Mixin private final Of of = new Of();

    InTenant(CliContext context) {
      super(context);
    }

    final String tenant() {
      return of.tenant(this);
    }
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "All invoices.")
  static final class ListAll extends InTenant {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(
          api().list(InvoicesApi.tenantInvoicesResourceList(tenant())),
          all -> InvoiceTable.list(all, terminal()));
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
          api().get(InvoicesApi.tenantInvoicesResourceShow(invoice, tenant())).body(),
          "lines",
          one -> InvoiceTable.one(one, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "download",
      mixinStandardHelpOptions = true,
      description = "Take an issued invoice away as PDF, CSV, FOCUS or tax document.")
  static final class Download extends InvoiceDownload {
    @Mixin private final Of of = new Of();

    Download(CliContext context) {
      super(context);
    }

    @Override
    Call<Call.Nothing, ?> document(Format format, String invoice) {
      String tenant = of.tenant(this);
      return switch (format) {
        case PDF -> InvoicesApi.tenantDownloadsResourcePdf(invoice, tenant).lang(lang());
        case CSV -> InvoicesApi.tenantDownloadsResourceCsv(invoice, tenant);
        case JSON -> InvoicesApi.tenantInvoicesResourceShow(invoice, tenant);
        case FOCUS_CSV -> InvoicesApi.tenantDownloadsResourceFocusCsv(invoice, tenant);
        case FOCUS_PARQUET -> InvoicesApi.tenantDownloadsResourceFocusParquet(invoice, tenant);
        case TAX_DOCUMENT ->
            InvoicesApi.tenantDownloadsResourceTaxDocument(invoice, tenant).taxType(taxType());
      };
    }
  }

  @Command(
      name = "breakdown",
      mixinStandardHelpOptions = true,
      description = "An issued invoice by project, SKU or cost centre.")
  static final class BreakDown extends ChargebackCommands.BreakDown {
    @Mixin private final Of of = new Of();

    BreakDown(CliContext context) {
      super(context);
    }

    @Override
    Call<Call.Nothing, ?> breakdown(String invoice, String by) {
      return InvoicesApi.tenantChargebackResourceBreakTenantInvoiceDown(invoice, of.tenant(this))
          .by(by);
    }
  }

  @Command(
      name = "statement",
      mixinStandardHelpOptions = true,
      description = "The chargeback statement of an invoice that is no supply.")
  static final class Statement extends ChargebackCommands.Statement {
    @Mixin private final Of of = new Of();

    Statement(CliContext context) {
      super(context);
    }

    @Override
    Call<Call.Nothing, ?> statement(String invoice) {
      return InvoicesApi.tenantChargebackResourceShowTenantChargebackStatement(
          invoice, of.tenant(this));
    }
  }

  @Command(
      name = "payments",
      mixinStandardHelpOptions = true,
      description = "What was paid of an invoice, until when the rest is due, and what was done.")
  static final class Payments extends PaymentsCommand.OnInvoice {
    @Mixin private final Of of = new Of();

    Payments(CliContext context) {
      super(context);
    }

    @Override
    Call<Call.Nothing, ?> standing(String invoice) {
      return PaymentsApi.tenantInvoicePaymentsResourcePaymentsOfOwnInvoice(
          invoice, of.tenant(this));
    }
  }
}
