package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "tax-documents",
    mixinStandardHelpOptions = true,
    description = "Tax documents of invoices and notes, and what the tax office says.",
    subcommands = {
      TaxDocumentsCommand.ListAll.class,
      TaxDocumentsCommand.Create.class,
      TaxDocumentsCommand.OfNote.class,
      TaxDocumentsCommand.Transmit.class,
      TaxDocumentsCommand.Accept.class,
      TaxDocumentsCommand.Reject.class
    })
final class TaxDocumentsCommand extends CommandGroup {
  private static final Columns COLUMNS =
      new Columns()
          .text("KEY", "key")
          .text("KIND", "kind")
          .text("REASON", "reason")
          .text("STATE", "state")
          .text("WRITTEN", "writeDate")
          .won("SUPPLY", "supplyValue")
          .won("VAT", "vat")
          .text("TRANSMIT BY", "transmitBy")
          .text("ANSWER", "approvalNumber", "rejection")
          .left("WARNINGS", TaxDocumentsCommand::warnings);

  TaxDocumentsCommand(CliContext context) {}

  private static String warnings(JsonNode of) {
    return StreamSupport.stream(of.path("warnings").spliterator(), false)
        .map(warning -> Fields.text(warning, "code") + " " + Fields.text(warning, "deadline"))
        .collect(Collectors.joining(", "));
  }

  /** A command about the documents of an invoice. */
  abstract static class OnInvoice extends FinanceInvoiceCommand {
    OnInvoice(CliContext context) {
      super(context);
    }

    final String path() {
      return pathOf("tax-documents");
    }

    final String table(JsonNode documents) {
      String due =
          documents.hasNonNull("issueBy")
              ? text("to be issued by %s%n", Fields.text(documents, "issueBy"))
              : "";
      String warnings = warnings(documents);
      return COLUMNS.table(documents.path("items"), terminal())
          + due
          + (warnings.isEmpty() ? "" : warnings + "\n");
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "The original and every amendment, with the deadlines.")
  static final class ListAll extends OnInvoice {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(api().get(path()).body(), this::table);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Write the original of an issued invoice, or with --reason an amendment.")
  static final class Create extends OnInvoice {
    @Option(
        names = "--reason",
        paramLabel = "NUMBER",
        description = "1 entry error, 2 supply value changed, 4 rescinded, 6 issued twice.")
    private @Nullable Integer reason;

    @Option(
        names = "--day",
        paramLabel = "YYYY-MM-DD",
        description = "Reasons 2 and 4: the day of the change.")
    private @Nullable String day;

    @Option(
        names = "--supply-value",
        paramLabel = "WON",
        description = "Reason 2: the difference, such as -2028000.")
    private @Nullable String supplyValue;

    @Option(names = "--name", paramLabel = "TEXT", description = "Reason 2: what it is for.")
    private @Nullable String name;

    @Option(
        names = "--item",
        paramLabel = "NAME=WON",
        description = "Reason 1: an item as it should have been; once for each.")
    private Map<String, String> items = Map.of();

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(api().post(path(), body(), repeat.key()).body(), this::table);
      return ExitCode.OK;
    }

    private ObjectNode body() {
      ObjectNode body = Json.object();
      if (reason != null) {
        body.put("reason", reason);
      }
      put(body, "day", day);
      put(body, "supplyValue", supplyValue);
      put(body, "name", name);
      if (!items.isEmpty()) {
        ArrayNode all = body.putArray("items");
        items.forEach((item, won) -> all.addObject().put("name", item).put("supplyValue", won));
      }
      return body;
    }
  }

  @Command(
      name = "of-note",
      mixinStandardHelpOptions = true,
      description = "Write the amendments that an issued note asks for.")
  static final class OfNote extends ApiCommand {
    private static final Columns KEYS = new Columns().left("KEY", JsonNode::asText);

    @Parameters(paramLabel = "ID", description = "Id of the note: nte_...")
    private String note = "";

    @Mixin private final RepeatOption repeat = new RepeatOption();

    OfNote(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      String path = "/finance/notes/" + ApiClient.escape(note) + "/tax-documents";
      print(
          api().post(path, null, repeat.key()).body(),
          "keys",
          made -> KEYS.table(made.path("keys"), terminal()));
      return ExitCode.OK;
    }
  }

  /** A step of one document. */
  abstract static class Step extends ApiCommand {
    private final String action;

    @Parameters(paramLabel = "KEY", description = "The document's own key, as listed.")
    private String key = "";

    Step(CliContext context, String action) {
      super(context);
      this.action = action;
    }

    @Nullable JsonNode body() {
      return null;
    }

    @Override
    final ExitCode run() {
      String path = "/finance/tax-documents/" + ApiClient.escape(key) + "/" + action;
      return showOne(api().send("POST", path, body(), Map.of()).body(), COLUMNS);
    }
  }

  @Command(
      name = "transmit",
      mixinStandardHelpOptions = true,
      description = "Send a document to the tax office; the same one again is sent once.")
  static final class Transmit extends Step {
    Transmit(CliContext context) {
      super(context, "transmit");
    }
  }

  @Command(
      name = "accept",
      mixinStandardHelpOptions = true,
      description = "Record the tax office's approval number.")
  static final class Accept extends Step {
    @Option(
        names = "--approval-number",
        required = true,
        paramLabel = "NUMBER",
        description = "24 digits.")
    private String approvalNumber = "";

    Accept(CliContext context) {
      super(context, "accept");
    }

    @Override
    JsonNode body() {
      return Json.object().put("approvalNumber", approvalNumber);
    }
  }

  @Command(
      name = "reject",
      mixinStandardHelpOptions = true,
      description = "Record that the tax office refused a document.")
  static final class Reject extends Step {
    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "As it said.")
    private String reason = "";

    Reject(CliContext context) {
      super(context, "reject");
    }

    @Override
    JsonNode body() {
      return Json.object().put("reason", reason);
    }
  }
}
