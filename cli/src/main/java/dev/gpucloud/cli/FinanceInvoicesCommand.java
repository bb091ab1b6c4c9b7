package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
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
      JsonNode draft = new FinanceApi(api()).draft(of.tenant(), of.month(), repeat.key());
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
      Map<String, String> filters = new TreeMap<>();
      put(filters, "tenant", tenant);
      put(filters, "month", month);
      put(filters, "state", state);
      print(new FinanceApi(api()).list(filters), all -> InvoiceTable.list(all, terminal()));
      return ExitCode.OK;
    }

    private static void put(Map<String, String> filters, String name, @Nullable String value) {
      if (value != null) {
        filters.put(name, value);
      }
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
  static final class Rerate extends Move {
    Rerate(CliContext context) {
      super(context, "rerate");
    }
  }

  /** A step of an invoice on its way, from the version that stands now. */
  abstract static class Move extends FinanceInvoiceCommand {
    private final String action;

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Move(CliContext context, String action) {
      super(context);
      this.action = action;
    }

    @Nullable String comment() {
      return null;
    }

    @Override
    final ExitCode run() {
      var move = new FinanceApi.Move(action, comment(), repeat.key());
      JsonNode moved = finance().act(finance().id(invoice()), move);
      print(moved, "lines", one -> InvoiceTable.one(one, terminal()));
      return ExitCode.OK;
    }
  }

  /** A step that somebody may say something about. */
  abstract static class CommentedMove extends Move {
    @Option(
        names = "--comment",
        paramLabel = "TEXT",
        description = "Kept in the invoice's history.")
    private @Nullable String comment;

    CommentedMove(CliContext context, String action) {
      super(context, action);
    }

    @Override
    @Nullable String comment() {
      return comment;
    }
  }

  @Command(
      name = "submit",
      mixinStandardHelpOptions = true,
      description = "Hand a draft over for approval; who submits cannot approve.")
  static final class Submit extends CommentedMove {
    Submit(CliContext context) {
      super(context, "submit");
    }
  }

  @Command(
      name = "return",
      mixinStandardHelpOptions = true,
      description = "Send an invoice in review back to draft.")
  static final class Return extends CommentedMove {
    Return(CliContext context) {
      super(context, "return");
    }
  }

  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = "Approve an invoice in review, as the second person.")
  static final class Approve extends CommentedMove {
    Approve(CliContext context) {
      super(context, "approve");
    }
  }

  @Command(
      name = "issue",
      mixinStandardHelpOptions = true,
      description = "Issue an approved invoice: it gets its number and never changes again.")
  static final class Issue extends CommentedMove {
    Issue(CliContext context) {
      super(context, "issue");
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
    String invoices() {
      return FinanceApi.PATH;
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
    String invoices() {
      return FinanceApi.PATH;
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
    String path() {
      return FinanceApi.PATH;
    }
  }
}
