package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
final class PaymentsCommand implements Runnable {
  private static final String PATH = "/finance/payments";

  @Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  PaymentsCommand(CliContext context) {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing subcommand.");
  }

  private static String table(JsonNode payments, Terminal terminal) {
    Table table =
        new Table()
            .left("ID")
            .left("RECEIVED")
            .right("AMOUNT")
            .right("OPEN")
            .left("PAYER")
            .left("REFERENCE")
            .left("MATCH");
    for (JsonNode payment : payments) {
      table.row(
          Fields.text(payment, "id"),
          Fields.text(payment, "receivedOn"),
          Fields.won(payment, "amount"),
          Fields.won(payment, "open"),
          Fields.text(payment, "payer"),
          Fields.text(payment, "reference"),
          Fields.text(payment, "match"));
    }
    return table.render(terminal);
  }

  private static String one(JsonNode payment, Terminal terminal) {
    return table(Json.MAPPER.createArrayNode().add(payment), terminal)
        + allocations(payment, terminal);
  }

  private static String allocations(JsonNode of, Terminal terminal) {
    if (of.path("allocations").isEmpty()) {
      return "";
    }
    Table table =
        new Table()
            .left("ALLOCATION")
            .left("INVOICE")
            .right("AMOUNT")
            .left("BY RULE")
            .left("BY")
            .left("COMMENT");
    for (JsonNode each : of.path("allocations")) {
      table.row(
          Fields.text(each, "id"),
          Fields.text(each, "invoiceNumber"),
          Fields.won(each, "amount"),
          Fields.text(each, "rule"),
          Fields.text(each, "by"),
          Fields.text(each, "comment"));
    }
    return "\n" + table.render(terminal);
  }

  private static ObjectNode won(long amount) {
    return Json.object().put("amount", Long.toString(amount)).put("currency", "KRW");
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Newest first.")
  static final class ListAll extends ApiCommand {
    @Option(names = "--open", description = "Only those with money that is for no invoice yet.")
    private boolean open;

    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(
          api().list(PATH + (open ? "?open=true" : "")),
          all -> table(all.path("items"), terminal()));
      return ExitCode.OK;
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
      print(api().get(PATH + "/" + ApiClient.escape(id)).body(), one -> one(one, terminal()));
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
      JsonNode imported = api().upload("/finance/imports/payments", content(), "text/csv").body();
      say(
          "%d lines: %d recorded, of which %d wholly matched; %d known from before."
              .formatted(
                  imported.path("lines").asInt(),
                  imported.path("recorded").asInt(),
                  imported.path("matched").asInt(),
                  imported.path("known").asInt()));
      print(imported, all -> all.path("open").isEmpty() ? "" : table(all.path("open"), terminal()));
      return ExitCode.OK;
    }

    private byte[] content() {
      try {
        return Files.readAllBytes(context().workingFolder().resolve(file));
      } catch (IOException e) {
        throw new CliException(ExitCode.USAGE, "Cannot read " + file + ".");
      }
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

    Record(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      ObjectNode body = Json.object().put("receivedOn", received).put("payer", payer);
      body.set("amount", won(amount));
      if (reference != null) {
        body.put("reference", reference);
      }
      print(
          api().post(PATH, body, ApiClient.newIdempotencyKey()).body(),
          made -> one(made, terminal()));
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

    Allocate(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      ObjectNode body = Json.object().put("invoice", invoice);
      body.set("amount", won(amount));
      if (comment != null) {
        body.put("comment", comment);
      }
      print(
          api()
              .post(
                  PATH + "/" + ApiClient.escape(id) + "/allocations",
                  body,
                  ApiClient.newIdempotencyKey())
              .body(),
          payment -> one(payment, terminal()));
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

    TakeBack(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      api()
          .post(
              "/finance/payment-allocations/" + ApiClient.escape(id) + "/take-back",
              Json.object().put("comment", comment),
              ApiClient.newIdempotencyKey());
      say("Took back " + id + ".");
      return ExitCode.OK;
    }
  }

  @Command(
      name = "of-invoice",
      mixinStandardHelpOptions = true,
      description = "What was paid of an invoice, until when the rest is due, and what was done.")
  static final class OfInvoice extends ApiCommand {
    @Parameters(paramLabel = "INVOICE", description = "Its id or number.")
    private String invoice = "";

    OfInvoice(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      String path = "/finance/invoices/" + ApiClient.escape(invoice) + "/payments";
      print(api().get(path).body(), this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode standing) {
      Table table =
          new Table()
              .left("INVOICE")
              .left("STATE")
              .left("DUE ON")
              .right("TOTAL")
              .right("PAID")
              .right("OPEN");
      table.row(
          Fields.text(standing, "number"),
          Fields.text(standing, "state"),
          Fields.text(standing, "dueOn"),
          Fields.won(standing, "total"),
          Fields.won(standing, "paid"),
          Fields.won(standing, "open"));
      StringBuilder text = new StringBuilder(table.render(terminal()));
      text.append(allocations(standing, terminal()));
      for (JsonNode step : standing.path("dunning")) {
        text.append(
            "%s, %s days late, %s won open%n"
                .formatted(
                    Fields.text(step, "name"),
                    Fields.text(step, "daysLate"),
                    Fields.won(step, "open")));
      }
      return text.toString();
    }
  }
}
