package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.FinanceApi;
import dev.gpucloud.client.model.CreateNoteRequest;
import dev.gpucloud.client.model.NoteDecisionRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
final class NotesCommand extends CommandGroup {
  private static final Columns COLUMNS =
      new Columns()
          .text("ID", "id")
          .text("NUMBER", "number")
          .text("INVOICE", "invoiceNumber")
          .text("KIND", "kind")
          .text("STATE", "state")
          .text("WRITTEN", "writeDate")
          .won("SUPPLY", "supplyValue")
          .won("VAT", "vat")
          .text("WHY", "why");

  NotesCommand(CliContext context) {}

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Newest first.")
  static final class ListAll extends ApiCommand {
    @Option(names = "--state", paramLabel = "STATE", description = "IN_REVIEW, ISSUED, WITHDRAWN.")
    private @Nullable String state;

    @Option(
        names = "--invoice",
        paramLabel = "INVOICE",
        description = "All of this invoice, by its id or number.")
    private @Nullable String invoice;

    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      if (state != null && invoice != null) {
        throw new CliException(ExitCode.USAGE, "Give --state or --invoice, not both.");
      }
      JsonNode notes =
          invoice == null
              ? api().list(FinanceApi.notesResourceListNotes().state(state))
              : api().get(FinanceApi.invoiceNotesResourceListInvoiceNotes(invoice)).body();
      return show(notes, COLUMNS);
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
      return showOne(api().get(FinanceApi.notesResourceNote(id)).body(), COLUMNS);
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

    @Option(
        names = "--project",
        paramLabel = "PROJECT",
        description = "The project whose lines it is about: its slug, tenant.project or prj_...")
    private @Nullable String project;

    @Option(
        names = "--tax-type",
        paramLabel = "TYPE",
        description = "What an amount falls under, where the invoice has lines of several types.")
    private @Nullable String taxType;

    @Option(names = "--from", paramLabel = "YYYY-MM-DD", description = "First day of the outage.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "YYYY-MM-DD", description = "Last day of the outage.")
    private @Nullable String to;

    @Option(names = "--day", paramLabel = "YYYY-MM-DD", description = "Write date (today).")
    private @Nullable String day;

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      CreateNoteRequest body = new CreateNoteRequest().kind(kind).why(why).percent(percent);
      body.amountKrw(amount).sku(sku).project(projectId()).taxType(taxType);
      body.periodFrom(from).periodTo(to).day(day);
      var call = FinanceApi.invoiceNotesResourceCreateInvoiceNote(invoice);
      return showOne(api().post(call, body, repeat.key()).body(), COLUMNS);
    }

    /** The invoice itself says which projects it has lines of. */
    private @Nullable String projectId() {
      if (project == null || project.startsWith("prj_")) {
        return project;
      }
      String slug = project.substring(project.indexOf('.') + 1);
      Map<String, String> slugs = new TreeMap<>();
      for (JsonNode line : new FinanceInvoices(api()).load(invoice).path("lines")) {
        if (line.hasNonNull("project")) {
          slugs.put(Fields.text(line, "project.id"), Fields.text(line, "project.slug"));
        }
      }
      List<String> ids = slugs.keySet().stream().filter(id -> slug.equals(slugs.get(id))).toList();
      if (ids.isEmpty()) {
        throw new CliException(
            ExitCode.NOT_FOUND,
            "The invoice has no lines of project " + project + ".",
            "it has lines of: " + String.join(", ", new TreeSet<>(slugs.values())));
      }
      if (ids.size() > 1) {
        throw new CliException(
            ExitCode.USAGE,
            "Several projects of the invoice are called " + slug + ".",
            "what to do: name one by its id: " + String.join(", ", ids));
      }
      return ids.getFirst();
    }
  }

  /** Decides on the version that stands now. */
  abstract static class Decide extends ApiCommand {
    private final Function<String, Call<NoteDecisionRequest, ?>> decision;

    @Parameters(paramLabel = "ID", description = "Id of the note: nte_...")
    private String id = "";

    @Option(names = "--comment", paramLabel = "TEXT", description = "Kept with the decision.")
    private @Nullable String comment;

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Decide(CliContext context, Function<String, Call<NoteDecisionRequest, ?>> decision) {
      super(context);
      this.decision = decision;
    }

    @Override
    final ExitCode run() {
      NoteDecisionRequest body = new NoteDecisionRequest().comment(comment);
      var shown = FinanceApi.notesResourceNote(id);
      JsonNode now = api().act(shown, decision.apply(id), body, repeat.key()).body();
      return showOne(now, COLUMNS);
    }
  }

  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = "Issue a note that somebody else prepared.")
  static final class Approve extends Decide {
    Approve(CliContext context) {
      super(context, FinanceApi::notesResourceApproveNote);
    }
  }

  @Command(
      name = "withdraw",
      mixinStandardHelpOptions = true,
      description = "Withdraw a note that waits for approval.")
  static final class Withdraw extends Decide {
    Withdraw(CliContext context) {
      super(context, FinanceApi::notesResourceWithdrawNote);
    }
  }
}
