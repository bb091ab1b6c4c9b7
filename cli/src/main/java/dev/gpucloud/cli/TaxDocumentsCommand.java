package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.FinanceApi;
import dev.gpucloud.client.model.AcceptTaxDocumentRequest;
import dev.gpucloud.client.model.CreateTaxDocumentRequest;
import dev.gpucloud.client.model.RejectTaxDocumentRequest;
import dev.gpucloud.client.model.TaxDocumentItemRequest;
import java.util.ArrayList;
import java.util.List;
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
      print(
          api().get(FinanceApi.invoiceTaxDocumentsResourceListTaxDocuments(id())).body(),
          this::table);
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
        names = "--tax-type",
        paramLabel = "TYPE",
        description = "Which document is amended: TAXED, ZERO_RATED or EXEMPT.")
    private @Nullable String taxType;

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
      var call = FinanceApi.invoiceTaxDocumentsResourceCreateTaxDocument(id());
      print(api().post(call, body(), repeat.key()).body(), this::table);
      return ExitCode.OK;
    }

    private CreateTaxDocumentRequest body() {
      CreateTaxDocumentRequest body = new CreateTaxDocumentRequest().reason(reason).day(day);
      body.supplyValue(supplyValue).name(name).taxType(taxType);
      List<TaxDocumentItemRequest> all = new ArrayList<>();
      items.forEach(
          (item, won) -> all.add(new TaxDocumentItemRequest().name(item).supplyValue(won)));
      return body.items(all.isEmpty() ? null : all);
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
      var call = FinanceApi.noteTaxDocumentsResourceCreateNoteTaxDocuments(note);
      print(
          api().post(call, null, repeat.key()).body(),
          "keys",
          made -> KEYS.table(made.path("keys"), terminal()));
      return ExitCode.OK;
    }
  }

  /** A step of one document. */
  abstract static class Step extends ApiCommand {
    @Parameters(paramLabel = "KEY", description = "The document's own key, as listed.")
    private String key = "";

    Step(CliContext context) {
      super(context);
    }

    final String key() {
      return key;
    }

    final <B> ExitCode take(Call<B, ?> step, @Nullable B body) {
      return showOne(api().send(step, body, Map.of()).body(), COLUMNS);
    }
  }

  @Command(
      name = "transmit",
      mixinStandardHelpOptions = true,
      description = "Send a document to the tax office; the same one again is sent once.")
  static final class Transmit extends Step {
    Transmit(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return take(FinanceApi.taxDocumentsResourceTransmit(key()), null);
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
      super(context);
    }

    @Override
    ExitCode run() {
      var body = new AcceptTaxDocumentRequest().approvalNumber(approvalNumber);
      return take(FinanceApi.taxDocumentsResourceAccept(key()), body);
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
      super(context);
    }

    @Override
    ExitCode run() {
      var body = new RejectTaxDocumentRequest().reason(reason);
      return take(FinanceApi.taxDocumentsResourceReject(key()), body);
    }
  }
}
