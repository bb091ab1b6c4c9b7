package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.cli.FinanceInvoices.Step;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.FinanceApi;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "invoices",
    mixinStandardHelpOptions = true,
    description = "Draft, review, approve and issue invoices.",
    subcommands = {
      FinanceInvoicesCommand.Create.class,
      FinanceInvoicesCommand.ListAll.class,
      FinanceInvoicesCommand.Show.class,
      FinanceInvoicesCommand.Rerate.class,
      FinanceInvoicesCommand.Submit.class,
      FinanceInvoicesCommand.Return.class,
      FinanceInvoicesCommand.Approve.class,
      FinanceInvoicesCommand.Issue.class,
      FinanceInvoicesCommand.BreakDown.class,
      FinanceInvoicesCommand.Statement.class,
      FinanceInvoicesCommand.Download.class
    })
final class FinanceInvoicesCommand extends CommandGroup {
  FinanceInvoicesCommand(CliContext context) {}

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make the draft invoice of a tenant's month.")
  static final class Create extends ApiCommand {
    @Mixin private final TenantMonth of = new TenantMonth();

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode draft = new FinanceInvoices(api()).draft(of.tenant(), of.month(), repeat.key());
      print(draft, "lines", one -> InvoiceTable.one(one, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Invoices of all tenants.")
  static final class ListAll extends ApiCommand {
    @Option(names = "--tenant", paramLabel = "TENANT", description = "Only of this tenant.")
    private @Nullable String tenant;

    @Option(
        names = {"-m", "--month"},
        paramLabel = "YYYY-MM",
        description = "Only of this month.")
    private @Nullable String month;

    @Option(names = "--state", paramLabel = "STATE", description = "Only in this state.")
    private @Nullable String state;

    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode found = new FinanceInvoices(api()).list(tenant, month, state);
      print(found, all -> InvoiceTable.list(all, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "One invoice, line by line.")
  static final class Show extends FinanceInvoiceCommand {
    Show(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode found = finance().load(invoice());
      print(found, "lines", one -> InvoiceTable.one(one, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "rerate",
      mixinStandardHelpOptions = true,
      description = "Make a draft anew from usage, prices and agreements as they are now.")
  static final class Rerate extends FinanceInvoiceCommand {
    @Mixin private final RepeatOption repeat = new RepeatOption();

    Rerate(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode made = finance().rerate(id(), repeat.key());
      print(made, "lines", one -> InvoiceTable.one(one, terminal()));
      return ExitCode.OK;
    }
  }

  /** A step that somebody may say something about. */
  abstract static class Move extends FinanceInvoiceCommand {
    private final Step step;

    @Option(
        names = "--comment",
        paramLabel = "TEXT",
        description = "Kept in the invoice's history.")
    private @Nullable String comment;

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Move(CliContext context, Step step) {
      super(context);
      this.step = step;
    }

    @Override
    final ExitCode run() {
      JsonNode moved = finance().act(id(), step, comment, repeat.key());
      print(moved, "lines", one -> InvoiceTable.one(one, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "submit",
      mixinStandardHelpOptions = true,
      description = "Hand a draft over for approval; who submits cannot approve.")
  static final class Submit extends Move {
    Submit(CliContext context) {
      super(context, Step.SUBMIT);
    }
  }

  @Command(
      name = "return",
      mixinStandardHelpOptions = true,
      description = "Send an invoice in review back to draft.")
  static final class Return extends Move {
    Return(CliContext context) {
      super(context, Step.RETURN);
    }
  }

  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = "Approve an invoice in review, as the second person.")
  static final class Approve extends Move {
    Approve(CliContext context) {
      super(context, Step.APPROVE);
    }
  }

  @Command(
      name = "issue",
      mixinStandardHelpOptions = true,
      description = "Issue an approved invoice: it gets its number and never changes again.")
  static final class Issue extends Move {
    Issue(CliContext context) {
      super(context, Step.ISSUE);
    }
  }

  @Command(
      name = "breakdown",
      mixinStandardHelpOptions = true,
      description = "An issued invoice by project, SKU or cost centre.")
  static final class BreakDown extends ChargebackCommands.BreakDown {
    BreakDown(CliContext context) {
      super(context);
    }

    @Override
    Call<Call.Nothing, ?> breakdown(String invoice, String by) {
      return FinanceApi.financeChargebackResourceBreakInvoiceDown(invoice).by(by);
    }
  }

  @Command(
      name = "statement",
      mixinStandardHelpOptions = true,
      description = "The chargeback statement of an invoice that is no supply.")
  static final class Statement extends ChargebackCommands.Statement {
    Statement(CliContext context) {
      super(context);
    }

    @Override
    Call<Call.Nothing, ?> statement(String invoice) {
      return FinanceApi.financeChargebackResourceShowChargebackStatement(invoice);
    }
  }

  @Command(
      name = "download",
      mixinStandardHelpOptions = true,
      description = "Take an issued invoice away as PDF, CSV, FOCUS or tax document.")
  static final class Download extends InvoiceDownload {
    Download(CliContext context) {
      super(context);
    }

    @Override
    Call<Call.Nothing, ?> document(Format format, String invoice) {
      return switch (format) {
        case PDF -> FinanceApi.financeDownloadsResourcePdf(invoice).lang(lang());
        case CSV -> FinanceApi.financeDownloadsResourceCsv(invoice);
        case JSON -> FinanceApi.financeInvoicesResourceShow(invoice);
        case FOCUS_CSV -> FinanceApi.financeDownloadsResourceFocusCsv(invoice);
        case FOCUS_PARQUET -> FinanceApi.financeDownloadsResourceFocusParquet(invoice);
        case TAX_DOCUMENT ->
            FinanceApi.financeDownloadsResourceTaxDocument(invoice).taxType(taxType());
      };
    }
  }
}
