package dev.gpucloud.devstack.command;

import dev.gpucloud.cli.CliContext;
import dev.gpucloud.devstack.layout.StackProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "logs",
    description = "Show the last lines of one component's log, or of all.",
    mixinStandardHelpOptions = true)
final class LogsCommand extends StackCommand {
  private static final long PAUSE_MILLIS = 300;

  @Parameters(
      arity = "0..1",
      paramLabel = "SERVICE",
      description = "The component; all when left out.")
  private @Nullable String service;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what is written from now on.")
  private boolean follow;

  @Option(
      names = {"-n", "--lines"},
      defaultValue = "40",
      paramLabel = "N",
      description = "How many of the last lines to begin with (default: ${DEFAULT-VALUE}).")
  private int lines;

  LogsCommand(CliContext context) {
    super(context);
  }

  @Override
  void run(Stack stack) throws IOException, InterruptedException {
    List<Path> files = files(stack);
    List<LogTail> tails =
        files.stream().map(file -> new LogTail(file, files.size() > 1, this::print)).toList();
    for (LogTail tail : tails) {
      tail.last(Math.max(0, lines));
    }
    while (follow) {
      for (LogTail tail : tails) {
        tail.more();
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private List<Path> files(Stack stack) throws IOException {
    List<Path> all = List.of();
    if (Files.isDirectory(stack.home().logs())) {
      try (Stream<Path> files = Files.list(stack.home().logs())) {
        all = files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
      }
    }
    if (all.isEmpty()) {
      throw new StackProblem(
          StackProblem.NOT_RUNNING, "There are no logs yet. Start the stack with ./gpucloud up.");
    }
    if (service == null) {
      return all;
    }
    Path wanted = stack.home().log(service);
    if (!all.contains(wanted)) {
      String names = String.join(", ", all.stream().map(LogTail::name).toList());
      throw new StackProblem(
          StackProblem.USAGE, "No log of " + service + ". There are: " + names + ".");
    }
    return List.of(wanted);
  }
}
