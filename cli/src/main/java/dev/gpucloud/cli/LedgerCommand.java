package dev.gpucloud.cli;

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
  private static final String LINES = "/finance/ledger/lines";

  LedgerCommand(CliContext context) {}

  /** The days whose postings are meant. */
  static final class Days {
    @Option(names = "--from", paramLabel = "YYYY-MM-DD", description = "First day in Seoul.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "YYYY-MM-DD", description = "Last day in Seoul.")
    private @Nullable String to;

    Query query() {
      return new Query().with("from", from).with("to", to);
    }
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
              .text("BY", "postedBy")
              .text("CORRECTS", "corrects"));
    }

    @Override
    String path() {
      return LINES + days.query().with("document", document);
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
    String path() {
      return LINES + "." + format + days.query();
    }
  }
}
