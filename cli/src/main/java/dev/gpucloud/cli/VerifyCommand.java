package dev.gpucloud.cli;

import dev.gpucloud.verifier.VerifyAudit;
import dev.gpucloud.verifier.VerifyInvoice;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Prove exported files, without a server and without its code.",
    subcommands = {
      VerifyCommand.Invoice.class,
      VerifyCommand.Bundle.class,
      VerifyCommand.Audit.class
    })
final class VerifyCommand implements Runnable {
  @Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  VerifyCommand(CliContext context) {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing subcommand.");
  }

  /** What a verifier's exit status means here: 0 proved, 1 a difference, 2 not readable. */
  private static int exit(ToIntFunction<String[]> verifier, CliContext context, List<Path> files) {
    String[] names =
        files.stream()
            .map(file -> context.workingFolder().resolve(file).toString())
            .toArray(String[]::new);
    int status = verifier.applyAsInt(names);
    context.terminal().out().flush();
    return switch (status) {
      case 0 -> ExitCode.OK.code();
      case 1 -> ExitCode.CHECK_FAILED.code();
      default -> ExitCode.USAGE.code();
    };
  }

  @Command(
      name = "invoice",
      mixinStandardHelpOptions = true,
      description = {
        "Recompute an invoice from the exported events and prices.",
        "Exits 0 when it is the same to the won, 9 with a line for each difference."
      })
  static final class Invoice implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "EVENTS", description = "finance/exports/events")
    private Path events;

    @Parameters(index = "1", paramLabel = "PRICES", description = "finance/exports/prices")
    private Path prices;

    @Parameters(index = "2", paramLabel = "INVOICE", description = "The invoice as JSON.")
    private Path invoice;

    private final CliContext context;

    @SuppressWarnings("NullAway.Init")
    Invoice(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      return exit(
          names -> VerifyInvoice.run(names, context.terminal().out()),
          context,
          List.of(events, prices, invoice));
    }
  }

  @Command(
      name = "bundle",
      mixinStandardHelpOptions = true,
      description = {
        "Prove that an exported bundle is whole, and recompute its invoice.",
        "Exits 0 when both hold, 9 with each line that was changed or differs."
      })
  static final class Bundle implements Callable<Integer> {
    @Parameters(
        index = "0",
        paramLabel = "BUNDLE",
        description = "What 'gpucloud finance export bundle' wrote.")
    private Path bundle;

    @Option(
        names = "--head",
        paramLabel = "HASH",
        description = "The last hash, as it was noted when the bundle was written.")
    private @Nullable String head;

    private final CliContext context;

    @SuppressWarnings("NullAway.Init")
    Bundle(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      return exit(
          names ->
              VerifyInvoice.run(
                  head == null ? names : new String[] {names[0], head}, context.terminal().out()),
          context,
          List.of(bundle));
    }
  }

  @Command(
      name = "audit",
      mixinStandardHelpOptions = true,
      description = {
        "Walk an exported audit log along its hash chain and signed checkpoints.",
        "Exits 0 when it is whole, 9 with a line for each entry changed, removed, swapped or cut."
      })
  static final class Audit implements Callable<Integer> {
    @Parameters(
        index = "0",
        paramLabel = "EXPORT",
        description = "What 'gpucloud audit export' wrote.")
    private Path export;

    @Parameters(
        index = "1",
        paramLabel = "CHECKPOINTS",
        description = "The file that checkpoints are appended to.")
    private Path checkpoints;

    @Parameters(index = "2", paramLabel = "KEYFILE", description = "File with the public key.")
    private Path key;

    @Option(
        names = "--through",
        paramLabel = "NO",
        description = {
          "Last entry of the export, as 'gpucloud audit export' said when it wrote it.",
          "Checkpoints after it are not judged; an export that ends before it was cut."
        })
    private @Nullable Long through;

    private final CliContext context;

    @SuppressWarnings("NullAway.Init")
    Audit(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      return exit(
          names -> VerifyAudit.run(arguments(names), context.terminal().out()),
          context,
          List.of(export, checkpoints, key));
    }

    private String[] arguments(String[] names) {
      return through == null
          ? names
          : Stream.concat(Stream.of(names), Stream.of(through.toString())).toArray(String[]::new);
    }
  }
}
