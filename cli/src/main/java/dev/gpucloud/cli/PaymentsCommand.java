package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.PaymentsApi;
import dev.gpucloud.client.model.AllocatePayment;
import dev.gpucloud.client.model.Money;
import dev.gpucloud.client.model.RecordPayment;
import dev.gpucloud.client.model.TakeBackAllocation;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "payments",
    mixinStandardHelpOptions = true,
    description = "Money that came in, and the invoices it pays.",
    subcommands = {
      PaymentsCommand.ListAll.class,
      PaymentsCommand.Show.class,
      PaymentsCommand.Import.class,
      PaymentsCommand.Record.class,
      PaymentsCommand.Allocate.class,
      PaymentsCommand.TakeBack.class,
      PaymentsCommand.OfInvoice.class
    })
final class PaymentsCommand extends CommandGroup {
  private static final Columns COLUMNS =
      new Columns()
          .text("ID", "id")
          .text("RECEIVED", "receivedOn")
          .won("AMOUNT", "amount")
          .won("OPEN", "open")
          .text("PAYER", "payer")
          .text("REFERENCE", "reference")
          .text("MATCH", "match");
  private static final Columns ALLOCATIONS =
      new Columns()
          .text("ALLOCATION", "id")
          .text("INVOICE", "invoiceNumber")
          .won("AMOUNT", "amount")
          .text("BY RULE", "rule")
          .text("BY", "by")
          .text("COMMENT", "comment");

  PaymentsCommand(CliContext context) {}

  private static String one(JsonNode payment, Terminal terminal) {
    return COLUMNS.one(payment, terminal) + allocations(payment, terminal);
  }

  private static String allocations(JsonNode of, Terminal terminal) {
    JsonNode all = of.path("allocations");
    return all.isEmpty() ? "" : "\n" + ALLOCATIONS.table(all, terminal);
  }

  private static Money won(long amount) {
    return new Money().amount(Long.toString(amount)).currency("KRW");
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Newest first.")
  static final class ListAll extends ListCommand {
    @Option(names = "--open", description = "Only those with money that is for no invoice yet.")
    private boolean open;

    ListAll(CliContext context) {
      super(context, COLUMNS);
    }

    @Override
    Call<Call.Nothing, ?> list() {
      return PaymentsApi.paymentsResourceListPayments().open(open ? true : null);
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "A payment with what it pays.")
  static final class Show extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "Id of the payment: pay_...")
    private String id = "";

    Show(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(
          api().get(PaymentsApi.paymentsResourceShowPayment(id)).body(),
          one -> one(one, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description = {
        "Import a bank's list of receipts: CSV in UTF-8 or EUC-KR.",
        "Prints what a person has to decide about; the same lines again change nothing."
      })
  static final class Import extends ApiCommand {
    @Parameters(paramLabel = "FILE", description = "The file as the bank gave it.")
    private Path file;

    @SuppressWarnings("NullAway.Init")
    Import(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      byte[] content = new WorkingFolder(context()).read(file);
      var call = PaymentsApi.paymentImportResourceImportPayments();
      JsonNode imported = api().upload(call, content, "text/csv").body();
      say(
          "%s lines: %s recorded, of which %s wholly matched; %s known from before.",
          Fields.text(imported, "lines"),
          Fields.text(imported, "recorded"),
          Fields.text(imported, "matched"),
          Fields.text(imported, "known"));
      if (imported.path("skipped").asInt() > 0) {
        say("%s payments out skipped.", Fields.text(imported, "skipped"));
      }
      print(imported, "open", this::toDecide);
      return ExitCode.OK;
    }

    private String toDecide(JsonNode imported) {
      JsonNode open = imported.path("open");
      return open.isEmpty() ? "" : COLUMNS.table(open, terminal());
    }
  }

  @Command(
      name = "record",
      mixinStandardHelpOptions = true,
      description = "Record one payment by hand.")
  static final class Record extends ApiCommand {
    @Option(
        names = "--received",
        required = true,
        paramLabel = "YYYY-MM-DD",
        description = "The bank's date.")
    private String received = "";

    @Option(names = "--amount", required = true, paramLabel = "WON", description = "Whole won.")
    private long amount;

    @Option(names = "--payer", required = true, paramLabel = "NAME", description = "Who paid.")
    private String payer = "";

    @Option(
        names = "--reference",
        paramLabel = "TEXT",
        description = "What they wrote; numbers of invoices in it are read.")
    private @Nullable String reference;

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Record(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      RecordPayment body = new RecordPayment().receivedOn(received).payer(payer);
      body.amount(won(amount)).reference(reference);
      var call = PaymentsApi.paymentsResourceRecordPayment();
      print(api().post(call, body, repeat.key()).body(), made -> one(made, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "allocate",
      mixinStandardHelpOptions = true,
      description = "Give a part of a payment to an invoice.")
  static final class Allocate extends ApiCommand {
    @Parameters(index = "0", paramLabel = "PAYMENT", description = "Id of the payment: pay_...")
    private String id = "";

    @Parameters(index = "1", paramLabel = "INVOICE", description = "Its id or number.")
    private String invoice = "";

    @Option(names = "--amount", required = true, paramLabel = "WON", description = "Whole won.")
    private long amount;

    @Option(names = "--comment", paramLabel = "TEXT", description = "Why.")
    private @Nullable String comment;

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Allocate(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      AllocatePayment body = new AllocatePayment().invoice(invoice);
      body.amount(won(amount)).comment(comment);
      var call = PaymentsApi.paymentsResourceAllocatePayment(id);
      print(api().post(call, body, repeat.key()).body(), payment -> one(payment, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "take-back",
      mixinStandardHelpOptions = true,
      description = "Take back what a payment paid of an invoice.")
  static final class TakeBack extends ApiCommand {
    @Parameters(paramLabel = "ALLOCATION", description = "Id of the allocation: pal_...")
    private String id = "";

    @Option(names = "--comment", required = true, paramLabel = "TEXT", description = "Why.")
    private String comment = "";

    @Mixin private final RepeatOption repeat = new RepeatOption();

    TakeBack(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var call = PaymentsApi.paymentAllocationsResourceTakeBackAllocation(id);
      api().post(call, new TakeBackAllocation().comment(comment), repeat.key());
      say("Took back %s.", id);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "of-invoice",
      mixinStandardHelpOptions = true,
      description = "What was paid of an invoice, until when the rest is due, and what was done.")
  static final class OfInvoice extends OnInvoice {
    OfInvoice(CliContext context) {
      super(context);
    }

    @Override
    Call<Call.Nothing, ?> standing(String invoice) {
      return PaymentsApi.invoicePaymentsResourcePaymentsOfInvoice(invoice);
    }
  }

  /** How an invoice stands with its payments. */
  abstract static class OnInvoice extends ChargebackCommands.OnInvoice {
    private static final Columns STANDING =
        new Columns()
            .text("INVOICE", "number")
            .text("STATE", "state")
            .text("DUE ON", "dueOn")
            .won("TOTAL", "total")
            .won("PAID", "paid")
            .won("OPEN", "open");

    OnInvoice(CliContext context) {
      super(context);
    }

    /** What was paid of it. */
    abstract Call<Call.Nothing, ?> standing(String invoice);

    @Override
    final ExitCode run() {
      print(api().get(standing(invoice())).body(), "allocations", this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode standing) {
      StringBuilder table = new StringBuilder(STANDING.one(standing, terminal()));
      table.append(allocations(standing, terminal()));
      for (JsonNode step : standing.path("dunning")) {
        table.append(
            text(
                "%s, %s days late, %s won open%n",
                Fields.text(step, "name"),
                Fields.text(step, "daysLate"),
                Fields.won(step, "open")));
      }
      return table.toString();
    }
  }
}
