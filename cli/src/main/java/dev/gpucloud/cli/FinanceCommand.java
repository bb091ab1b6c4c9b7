package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "finance",
    mixinStandardHelpOptions = true,
    description = "For the finance department.",
    subcommands = {
      FinanceCommand.Invoices.class,
      NotesCommand.class,
      LateUsageCommand.class,
      PaymentsCommand.class,
      ReceivablesCommand.class,
      CloseCommand.class,
      ReconcileCommand.class,
      TrialBalanceCommand.class
    })
final class FinanceCommand implements Runnable {
  @Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  FinanceCommand(CliContext context) {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing subcommand.");
  }

  @Command(
      name = "invoices",
      mixinStandardHelpOptions = true,
      description = "Draft, review, approve and issue invoices.",
      subcommands = {
        Create.class,
        ListAll.class,
        Show.class,
        Submit.class,
        Return.class,
        Approve.class,
        Issue.class,
        Download.class
      })
  static final class Invoices implements Runnable {
    @Spec private CommandLine.Model.CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    Invoices(CliContext context) {}

    @Override
    public void run() {
      throw new CommandLine.ParameterException(spec.commandLine(), "Missing subcommand.");
    }
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make the draft invoice of a tenant's month.")
  static final class Create extends ApiCommand {
    @Option(names = "--tenant", required = true, paramLabel = "TENANT", description = "Slug or id.")
    private String tenant = "";

    @Option(
        names = {"-m", "--month"},
        required = true,
        paramLabel = "YYYY-MM",
        description = "Billing month.")
    private String month = "";

    @Option(names = "--idempotency-key", paramLabel = "KEY", description = "Repeat a request.")
    private @Nullable String key;

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      FinanceApi finance = new FinanceApi(api());
      String usedKey = key == null ? ApiClient.newIdempotencyKey() : key;
      print(finance.draft(tenant, month, usedKey), one -> InvoiceTable.one(one, terminal()));
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

  /** A command about one invoice. */
  abstract static class OnInvoice extends ApiCommand {
    @Parameters(paramLabel = "INVOICE", description = "Its id or number.")
    private String invoice = "";

    OnInvoice(CliContext context) {
      super(context);
    }

    abstract JsonNode on(FinanceApi finance, String id);

    @Override
    final ExitCode run() {
      FinanceApi finance = new FinanceApi(api());
      String id = invoice.startsWith("inv_") ? invoice : finance.load(invoice).path("id").asText();
      print(on(finance, id), one -> InvoiceTable.one(one, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "One invoice, line by line.")
  static final class Show extends OnInvoice {
    Show(CliContext context) {
      super(context);
    }

    @Override
    JsonNode on(FinanceApi finance, String id) {
      return finance.load(id);
    }
  }

  @Command(
      name = "submit",
      mixinStandardHelpOptions = true,
      description = "Hand a draft over for approval; who submits cannot approve.")
  static final class Submit extends OnInvoice {
    Submit(CliContext context) {
      super(context);
    }

    @Override
    JsonNode on(FinanceApi finance, String id) {
      return finance.act(id, "submit");
    }
  }

  @Command(
      name = "return",
      mixinStandardHelpOptions = true,
      description = "Send an invoice in review back to draft.")
  static final class Return extends OnInvoice {
    Return(CliContext context) {
      super(context);
    }

    @Override
    JsonNode on(FinanceApi finance, String id) {
      return finance.act(id, "return");
    }
  }

  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = "Approve an invoice in review, as the second person.")
  static final class Approve extends OnInvoice {
    Approve(CliContext context) {
      super(context);
    }

    @Override
    JsonNode on(FinanceApi finance, String id) {
      return finance.act(id, "approve");
    }
  }

  @Command(
      name = "issue",
      mixinStandardHelpOptions = true,
      description = "Issue an approved invoice: it gets its number and never changes again.")
  static final class Issue extends OnInvoice {
    Issue(CliContext context) {
      super(context);
    }

    @Override
    JsonNode on(FinanceApi finance, String id) {
      return finance.act(id, "issue");
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
      return "/finance/invoices";
    }
  }
}
