package dev.gpucloud.cli;

import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.LedgerApi;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "ledger",
    mixinStandardHelpOptions = true,
    description = "The postings, line by line; debits are positive.",
    subcommands = {LedgerCommand.Lines.class, LedgerCommand.Export.class})
final class LedgerCommand extends CommandGroup {
  LedgerCommand(CliContext context) {}

  /** The days whose postings are meant. */
  static final class Days {
    @Option(names = "--from", paramLabel = "YYYY-MM-DD", description = "First day in Seoul.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "YYYY-MM-DD", description = "Last day in Seoul.")
    private @Nullable String to;
  }

  @Command(
      name = "lines",
      mixinStandardHelpOptions = true,
      description = "In the order in which they were posted.")
  static final class Lines extends ListCommand {
    @Mixin private final Days days = new Days();

    @Option(
        names = "--document",
        paramLabel = "DOCUMENT",
        description = "Only of this invoice, note, payment.")
    private @Nullable String document;

    Lines(CliContext context) {
      super(
          context,
          new Columns()
              .time("POSTED (SEOUL)", "postedAt")
              .text("DOCUMENT", "document")
              .text("KIND", "kind")
              .text("TENANT", "tenant")
              .text("ACCOUNT", "account")
              .won("AMOUNT", "amount")
              .text("BY", "postedByName", "postedBy")
              .text("CORRECTS", "corrects"));
    }

    @Override
    Call<Call.Nothing, ?> list() {
      return LedgerApi.ledgerResourceListLedgerLines()
          .from(days.from)
          .to(days.to)
          .document(document);
    }
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "Take all lines away to a new file for other books.")
  static final class Export extends FileExport {
    @Mixin private final Days days = new Days();

    @Option(
        names = {"-f", "--format"},
        paramLabel = "FORMAT",
        defaultValue = "csv",
        description = "csv or jsonl (default: ${DEFAULT-VALUE}).")
    private Format format = Format.csv;

    /** Named as typed. */
    enum Format {
      csv,
      jsonl
    }

    Export(CliContext context) {
      super(context);
    }

    @Override
    String name() {
      return "ledger." + format;
    }

    @Override
    Call<Call.Nothing, ?> content() {
      return switch (format) {
        case csv -> LedgerApi.ledgerResourceTakeLedgerCsv().from(days.from).to(days.to);
        case jsonl -> LedgerApi.ledgerResourceTakeLedgerJson().from(days.from).to(days.to);
      };
    }
  }
}
