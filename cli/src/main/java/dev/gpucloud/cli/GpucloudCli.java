package dev.gpucloud.cli;

import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Root of the {@code gpucloud} command line. A program that brings more commands adds them to
 * {@link #commandLine}; errors, colours and exit codes are the same for all.
 */
@Command(
    name = "gpucloud",
    description = "GPU instances, usage and invoices on the command line.",
    mixinStandardHelpOptions = true,
    versionProvider = GpucloudCli.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      LoginCommand.class,
      LogoutCommand.class,
      WhoamiCommand.class,
      ProfilesCommand.class,
      InstanceTypesCommand.class,
      ImagesCommand.class,
      InstancesCommand.class,
      OperationsCommand.class,
      VolumesCommand.class,
      CapacityCommand.class,
      EventsCommand.class,
      InvoicesCommand.class,
      UsageCommand.class,
      BillingCommand.class,
      QuotasCommand.class,
      ApiKeysCommand.class,
      ServiceAccountsCommand.class,
      TenantsCommand.class,
      ApplicationsCommand.class,
      CreditsCommand.class,
      GrantsCommand.class,
      ProjectsCommand.class,
      MembersCommand.class,
      InvitationsCommand.class,
      WebhooksCommand.class,
      NotificationsCommand.class,
      SshKeysCommand.class,
      FinanceCommand.class,
      AuditCommand.class,
      RateCommand.class,
      VerifyCommand.class,
      CompletionCommand.class,
      HelpCommand.class
    })
public final class GpucloudCli implements Runnable {
  private final CliContext context;
  @picocli.CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  public GpucloudCli(CliContext context) {
    this.context = context;
  }

  /** The process entry of the command line alone. */
  public static void main(String[] args) {
    System.exit(execute(commandLine(CliContext.ofProcess()), args));
  }

  /** The whole command tree, ready to be extended and executed. */
  public static CommandLine commandLine(CliContext given) {
    Translation language = Translation.of(given);
    CliContext context = given.in(language);
    ContextFactory factory = new ContextFactory(context);
    CommandLine line = new CommandLine(new GpucloudCli(context), factory);
    Described.addTo(line.getCommandSpec(), context, factory);
    line.setOut(context.terminal().out());
    line.setErr(context.terminal().err());
    line.setColorScheme(
        Help.defaultColorScheme(context.terminal().isColoured() ? Help.Ansi.ON : Help.Ansi.OFF));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.getCommandSpec().usageMessage().footer(exitCodeHelp(context.terminal()));
    language.explain(line.getCommandSpec());
    return line;
  }

  /** Runs a command line with our way of reporting errors; the result is the exit status. */
  public static int execute(CommandLine line, String... args) {
    CliContext context = ((GpucloudCli) line.getCommandSpec().userObject()).context;
    ErrorReport report = new ErrorReport(context.terminal());
    line.setExecutionExceptionHandler((e, command, parsed) -> report.of(e).code());
    line.setParameterExceptionHandler((e, all) -> wrongUsage(e, context.terminal()));
    return line.execute(args);
  }

  @Override
  public void run() {
    spec.commandLine().usage(context.terminal().out());
    context.terminal().out().flush();
  }

  private static int wrongUsage(ParameterException e, Terminal terminal) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println(
        terminal.sentence("error:") + " " + terminal.sentence(String.valueOf(e.getMessage())));
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      String near = String.join(", ", unmatched.getSuggestions());
      err.println(terminal.sentence("  did you mean: " + near));
    }
    CommandSpec command = e.getCommandLine().getCommandSpec();
    err.println(terminal.sentence("  example: " + example(command)));
    err.println(terminal.sentence("  try: " + command.qualifiedName() + " --help"));
    err.flush();
    return ExitCode.USAGE.code();
  }

  /** The example of a command's help, else what the command needs at least. */
  private static String example(CommandSpec command) {
    return Arrays.stream(command.usageMessage().footer())
        .map(String::strip)
        .filter(line -> line.startsWith("gpucloud "))
        .findFirst()
        .orElseGet(() -> needed(command));
  }

  private static String needed(CommandSpec command) {
    Stream<String> options =
        command.options().stream()
            .filter(OptionSpec::required)
            .map(option -> option.longestName() + " " + option.paramLabel());
    Stream<String> values =
        command.positionalParameters().stream()
            .filter(PositionalParamSpec::required)
            .map(PositionalParamSpec::paramLabel);
    Stream<String> below = command.subcommands().keySet().stream().limit(1).map(Object::toString);
    return Stream.of(Stream.of(command.qualifiedName()), below, values, options)
        .flatMap(words -> words)
        .collect(Collectors.joining(" "));
  }

  private static String[] exitCodeHelp(Terminal terminal) {
    String codes =
        Arrays.stream(ExitCode.values())
            .map(code -> "  " + code.code() + "  " + terminal.text(code.meaning()))
            .collect(Collectors.joining("%n"));
    return new String[] {"%n" + terminal.text("Exit codes:") + "%n" + codes};
  }

  /** Makes commands that ask for the context in their constructor. */
  private record ContextFactory(CliContext context) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        if (Arrays.equals(constructor.getParameterTypes(), new Class<?>[] {CliContext.class})) {
          return type.cast(constructor.newInstance(context));
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }

  /** The version of the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = GpucloudCli.class.getPackage().getImplementationVersion();
      return new String[] {"gpucloud " + (version == null ? "(development)" : version)};
    }
  }
}
