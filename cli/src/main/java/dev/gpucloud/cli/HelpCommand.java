package dev.gpucloud.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "help",
    mixinStandardHelpOptions = true,
    description = "The manual page of a command: gpucloud help instances create")
final class HelpCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "The words of the command; of the whole program by default.")
  private List<String> words = List.of();

  @Spec private CommandLine.Model.CommandSpec spec;
  private final CliContext context;

  @SuppressWarnings("NullAway.Init")
  HelpCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    CommandLine command = spec.root().commandLine();
    for (String word : words) {
      CommandLine next = command.getSubcommands().get(word);
      if (next == null) {
        throw new ParameterException(
            spec.commandLine(),
            command.getCommandSpec().qualifiedName() + " has no command '" + word + "'.");
      }
      command = next;
    }
    context.terminal().out().print(new ManualPage(command, context.terminal()).text());
    context.terminal().out().flush();
    return ExitCode.OK.code();
  }
}
