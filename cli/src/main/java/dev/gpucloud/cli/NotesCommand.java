package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "notes",
    mixinStandardHelpOptions = true,
    description = "Credits and adjustments against issued invoices.",
    subcommands = {
      NotesCommand.ListAll.class,
      NotesCommand.Show.class,
      NotesCommand.Create.class,
      NotesCommand.Approve.class,
      NotesCommand.Withdraw.class
    })
final class NotesCommand implements Runnable {
  private static final String PATH = "/finance/notes";

  @Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  NotesCommand(CliContext context) {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing subcommand.");
  }

  private static String table(JsonNode notes, Terminal terminal) {
    Table table =
        new Table()
            .left("ID")
            .left("NUMBER")
            .left("INVOICE")
            .left("KIND")
            .left("STATE")
            .left("WRITTEN")
            .right("SUPPLY")
            .right("VAT")
            .left("WHY");
    for (JsonNode note : notes) {
      table.row(
          Fields.text(note, "id"),
          Fields.text(note, "number"),
          Fields.text(note, "invoiceNumber"),
          Fields.text(note, "kind"),
          Fields.text(note, "state"),
          Fields.text(note, "writeDate"),
          Fields.won(note, "supplyValue"),
          Fields.won(note, "vat"),
          Fields.text(note, "why"));
    }
    return table.render(terminal);
  }

  private static String one(JsonNode note, Terminal terminal) {
    return table(Json.MAPPER.createArrayNode().add(note), terminal);
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Newest first.")
  static final class ListAll extends ApiCommand {
    @Option(names = "--state", paramLabel = "STATE", description = "IN_REVIEW, ISSUED, WITHDRAWN.")
    private @Nullable String state;

    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      String query = state == null ? "" : "?state=" + ApiClient.escape(state);
      print(api().list(PATH + query), all -> table(all.path("items"), terminal()));
      return ExitCode.OK;
    }
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "One note.")
  static final class Show extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "Id of the note: nte_...")
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
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Prepare a note; a second person approves it.")
  static final class Create extends ApiCommand {
    @Parameters(paramLabel = "INVOICE", description = "Id or number of the issued invoice.")
    private String invoice = "";

    @Option(
        names = "--kind",
        required = true,
        paramLabel = "KIND",
        description = "SLA, SUPPLY_CHANGE, LATE_USAGE, RESCINDED or DOUBLE_ISSUE.")
    private String kind = "";

    @Option(names = "--why", required = true, paramLabel = "TEXT", description = "What happened.")
    private String why = "";

    @Option(names = "--percent", paramLabel = "PCT", description = "SLA: of what was billed.")
    private @Nullable String percent;

    @Option(
        names = "--amount",
        paramLabel = "WON",
        description = "SLA: won credited. SUPPLY_CHANGE: the difference, such as -2028000.")
    private @Nullable String amount;

    @Option(names = "--sku", paramLabel = "SKU", description = "The percentage is of this alone.")
    private @Nullable String sku;

    @Option(names = "--from", paramLabel = "YYYY-MM-DD", description = "First day of the outage.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "YYYY-MM-DD", description = "Last day of the outage.")
    private @Nullable String to;

    @Option(names = "--day", paramLabel = "YYYY-MM-DD", description = "Write date (today).")
    private @Nullable String day;

    @Option(names = "--idempotency-key", paramLabel = "KEY", description = "Repeat a request.")
    private @Nullable String key;

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      ObjectNode body = Json.object().put("kind", kind).put("why", why);
      put(body, "percent", percent);
      put(body, "amountKrw", amount);
      put(body, "sku", sku);
      put(body, "periodFrom", from);
      put(body, "periodTo", to);
      put(body, "day", day);
      String usedKey = key == null ? ApiClient.newIdempotencyKey() : key;
      String path = "/finance/invoices/" + ApiClient.escape(invoice) + "/notes";
      print(api().post(path, body, usedKey).body(), one -> one(one, terminal()));
      return ExitCode.OK;
    }
  }

  /** Decides on the version that stands now. */
  abstract static class Decide extends ApiCommand {
    private final String action;

    @Parameters(paramLabel = "ID", description = "Id of the note: nte_...")
    private String id = "";

    @Option(names = "--comment", paramLabel = "TEXT", description = "Kept with the decision.")
    private @Nullable String comment;

    Decide(CliContext context, String action) {
      super(context);
      this.action = action;
    }

    @Override
    final ExitCode run() {
      String path = PATH + "/" + ApiClient.escape(id);
      Map<String, String> headers =
          Map.of(
              "Idempotency-Key",
              ApiClient.newIdempotencyKey(),
              "If-Match",
              api().get(path).header("ETag"));
      ObjectNode body = Json.object();
      if (comment != null) {
        body.put("comment", comment);
      }
      print(
          api().send("POST", path + "/" + action, body, headers).body(),
          one -> one(one, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = "Issue a note that somebody else prepared.")
  static final class Approve extends Decide {
    Approve(CliContext context) {
      super(context, "approve");
    }
  }

  @Command(
      name = "withdraw",
      mixinStandardHelpOptions = true,
      description = "Withdraw a note that waits for approval.")
  static final class Withdraw extends Decide {
    Withdraw(CliContext context) {
      super(context, "withdraw");
    }
  }
}
