package dev.gpucloud.cli;

import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * Root of the {@code gpucloud} command line. A program that brings more commands gives them to
 * {@link #commandLine} beside its {@link #commands}; errors, colours and exit codes are the same
 * for all.
 */
@Command(
    name = "gpucloud",
    description = "GPU instances, usage and invoices on the command line.",
    mixinStandardHelpOptions = true,
    versionProvider = GpucloudCli.Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class GpucloudCli implements Runnable {
  /** The commands that look at all others. */
  private static final Set<String> OF_ALL = Set.of("completion", "help");

  /** What looks at no command at all. */
  private static final Set<String> VERSION = Set.of("-V", "--version");

  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("login", LoginCommand.class);
    COMMANDS.put("logout", LogoutCommand.class);
    COMMANDS.put("whoami", WhoamiCommand.class);
    COMMANDS.put("profiles", ProfilesCommand.class);
    COMMANDS.put("instance-types", InstanceTypesCommand.class);
    COMMANDS.put("images", ImagesCommand.class);
    COMMANDS.put("instances", InstancesCommand.class);
    COMMANDS.put("operations", OperationsCommand.class);
    COMMANDS.put("volumes", VolumesCommand.class);
    COMMANDS.put("capacity", CapacityCommand.class);
    COMMANDS.put("events", EventsCommand.class);
    COMMANDS.put("invoices", InvoicesCommand.class);
    COMMANDS.put("usage", UsageCommand.class);
    COMMANDS.put("billing", BillingCommand.class);
    COMMANDS.put("quotas", QuotasCommand.class);
    COMMANDS.put("api-keys", ApiKeysCommand.class);
    COMMANDS.put("service-accounts", ServiceAccountsCommand.class);
    COMMANDS.put("tenants", TenantsCommand.class);
    COMMANDS.put("applications", ApplicationsCommand.class);
    COMMANDS.put("credits", CreditsCommand.class);
    COMMANDS.put("grants", GrantsCommand.class);
    COMMANDS.put("projects", ProjectsCommand.class);
    COMMANDS.put("members", MembersCommand.class);
    COMMANDS.put("invitations", InvitationsCommand.class);
    COMMANDS.put("webhooks", WebhooksCommand.class);
    COMMANDS.put("notifications", NotificationsCommand.class);
    COMMANDS.put("ssh-keys", SshKeysCommand.class);
    COMMANDS.put("finance", FinanceCommand.class);
    COMMANDS.put("audit", AuditCommand.class);
    COMMANDS.put("rate", RateCommand.class);
    COMMANDS.put("verify", VerifyCommand.class);
    COMMANDS.put("completion", CompletionCommand.class);
    COMMANDS.put("help", HelpCommand.class);
  }

  /** The options that may stand before the command as well. */
  private static final Set<String> BEFORE_A_COMMAND = Set.of("--server", "--issuer", "--profile");

  private final CliContext context;
  @CommandLine.Mixin private final Connection connection = new Connection();
  @picocli.CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  public GpucloudCli(CliContext context) {
    this.context = context;
  }

  /** The process entry of the command line alone. */
  public static void main(String[] args) {
    System.exit(execute(commandLine(CliContext.ofProcess(), COMMANDS, args), args));
  }

  /** The commands by their names, in the order in which help tells of them. */
  public static Map<String, Class<?>> commands() {
    return Collections.unmodifiableMap(COMMANDS);
  }

  /** The whole command tree. */
  public static CommandLine commandLine(CliContext given) {
    return commandLine(given, COMMANDS);
  }

  /**
   * As much of the command tree as the arguments ask for: making all of it takes longer than most
   * commands take for their work.
   *
   * @param commands each with a constructor that takes the context, or none
   */
  public static CommandLine commandLine(
      CliContext given, Map<String, Class<?>> commands, String... args) {
    Translation language = Translation.of(given);
    CliContext context = given.in(language);
    ContextFactory factory = new ContextFactory(context);
    CommandLine line = new CommandLine(new GpucloudCli(context), factory);
    String first = command(args);
    boolean isOne =
        (commands.containsKey(first) || Described.NAMES.contains(first) || VERSION.contains(first))
            && !OF_ALL.contains(first);
    commands.forEach(
        (name, type) -> {
          if (!isOne || name.equals(first)) {
            line.addSubcommand(name, type);
          }
        });
    Described.addTo(line.getCommandSpec(), context, factory, isOne ? first : null);
    line.setOut(context.terminal().out());
    line.setErr(context.terminal().err());
    line.setColorScheme(
        Help.defaultColorScheme(context.terminal().isColoured() ? Help.Ansi.ON : Help.Ansi.OFF));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setAllowSubcommandsAsOptionParameters(true); // a login may be called as a command is
    line.setUsageHelpAutoWidth(true);
    line.getCommandSpec().usageMessage().footer(exitCodeHelp(context.terminal()));
    language.explain(line.getCommandSpec());
    return line;
  }

  /** The first word that is no option for all commands, nor the value of one. */
  private static String command(String... args) {
    int at = 0;
    while (at < args.length && BEFORE_A_COMMAND.contains(args[at].split("=", 2)[0])) {
      at += args[at].contains("=") ? 1 : 2;
    }
    return at < args.length ? args[at] : "";
  }

  Connection connection() {
    return connection;
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
    CommandSpec command = e.getCommandLine().getCommandSpec();
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> near = nearest(unmatched, command);
      if (!near.isEmpty()) {
        err.println(terminal.sentence("  did you mean: " + String.join(", ", near)));
      }
    }
    err.println(terminal.sentence("  example: " + example(command)));
    err.println(terminal.sentence("  try: " + command.qualifiedName() + " --help"));
    err.flush();
    return ExitCode.USAGE.code();
  }

  private static List<String> nearest(UnmatchedArgumentException wrong, CommandSpec command) {
    String typed = wrong.getUnmatched().getFirst();
    List<String> near =
        Nearest.to(
            typed,
            typed.startsWith("-") ? command.optionsMap().keySet() : command.subcommands().keySet());
    return near.isEmpty() ? wrong.getSuggestions() : near;
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
          constructor.trySetAccessible(); // the commands of another package
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
