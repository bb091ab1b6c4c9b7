package dev.gpucloud.devstack.command;

import dev.gpucloud.cli.CliContext;
import dev.gpucloud.devstack.layout.DataFolder;
import dev.gpucloud.devstack.layout.StackProblem;
import dev.gpucloud.devstack.process.Unpack;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "reset",
    description =
        "Stop everything and delete all data: databases, events, users, passwords, the clock.",
    mixinStandardHelpOptions = true)
final class ResetCommand extends StackCommand {

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  ResetCommand(CliContext context) {
    super(context);
  }

  @Override
  void run(Stack stack) throws IOException, InterruptedException {
    Path folder = stack.home().folder();
    if (!Files.isDirectory(folder)) {
      say("There is nothing to delete: " + folder + " does not exist.");
      return;
    }
    new DataFolder(stack.home()).requireOurs();
    if (!yes && !confirmed(folder)) {
      throw new StackProblem(
          StackProblem.USAGE, "Nothing was deleted. Use --yes to delete without a question.");
    }
    DownCommand.stop(stack);
    try (Stream<Path> parts = Files.list(folder)) {
      List<Path> data = parts.filter(part -> !part.equals(stack.home().cache())).toList();
      for (Path part : data) {
        Unpack.delete(part);
      }
    }
    say("All data are deleted. The unpacked programs stay in " + stack.home().cache() + ".");
  }

  private boolean confirmed(Path folder) {
    Console console = System.console();
    if (console == null || !terminal().isInteractive()) {
      return false;
    }
    String answer = console.readLine(terminal().text("Delete all data in %s? Type yes: "), folder);
    return "yes".equals(answer);
  }
}
