package dev.gpucloud.devstack.command;

import dev.gpucloud.cli.CliContext;
import dev.gpucloud.devstack.client.StackAddress;
import dev.gpucloud.devstack.layout.StackProblem;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;

@Command(
    name = "down",
    description = "Stop everything; the data stay for the next up.",
    mixinStandardHelpOptions = true)
final class DownCommand extends StackCommand {
  private static final int PATIENCE_SECONDS = 60;

  DownCommand(CliContext context) {
    super(context);
  }

  @Override
  void run(Stack stack) throws InterruptedException {
    say(
        stop(stack)
            ? "The GPU cloud is down. Its data stay in " + stack.home().folder() + "."
            : "The GPU cloud is not running.");
  }

  /** Stops the stack; false when there was none. */
  static boolean stop(Stack stack) throws InterruptedException {
    Optional<StackAddress> running = stack.running();
    Optional<ProcessHandle> supervisor = running.flatMap(StackAddress::supervisor);
    if (supervisor.isEmpty()) {
      return false;
    }
    try {
      running.get().control("POST", "/shutdown", "");
    } catch (IOException _) {
      supervisor.get().destroy();
    }
    try {
      supervisor.get().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      supervisor.get().destroyForcibly();
      throw new StackProblem(
          StackProblem.UNEXPECTED,
          "The supervisor did not end in "
              + PATIENCE_SECONDS
              + " s and was killed; its children end with it.",
          e);
    }
    return true;
  }
}
