package dev.gpucloud.devstack.command;

import dev.gpucloud.cli.CliContext;
import dev.gpucloud.devstack.client.SupervisorEvent;
import dev.gpucloud.devstack.client.SupervisorProcess;
import dev.gpucloud.devstack.console.Progress;
import dev.gpucloud.devstack.console.StackTables;
import dev.gpucloud.devstack.layout.DataFolder;
import dev.gpucloud.devstack.layout.StackHome;
import dev.gpucloud.devstack.layout.StackProblem;
import dev.gpucloud.devstack.supervisor.StackConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;

@Command(
    name = "up",
    description =
        "Start the whole GPU cloud on this machine, and load the scenario the first time.",
    mixinStandardHelpOptions = true)
final class UpCommand extends StackCommand {
  private volatile boolean isBrokenOff;

  UpCommand(CliContext context) {
    super(context);
  }

  @Override
  void run(Stack stack) throws IOException, InterruptedException {
    StackTables tables = new StackTables(terminal());
    if (stack.running().isPresent()) {
      tables.credentials("The GPU cloud is running already.", stack.home());
      return;
    }
    Instant began = Instant.now();
    say("Starting the GPU cloud, data in " + stack.home().folder());
    DataFolder data = new DataFolder(stack.home());
    data.requireOwner();
    data.requireDisk();
    new Snapshot(stack.root(), stack.home().apps()).take();
    start(stack);
    Duration took = Duration.between(began, Instant.now());
    tables.credentials(
        "The GPU cloud is ready after %.0f s.".formatted(took.toMillis() / 1000.0), stack.home());
  }

  private void start(Stack stack) throws IOException, InterruptedException {
    StackHome home = stack.home();
    Path log = home.log("supervisor");
    try (Progress progress = Progress.on(terminal());
        SupervisorProcess supervisor =
            SupervisorProcess.start(
                home.apps(),
                log,
                StackConfig.devArguments(home.apps(), home, stack.portOffset()))) {
      Thread takeDown = new Thread(() -> takeDown(supervisor), "take-down");
      Runtime.getRuntime().addShutdownHook(takeDown);
      try {
        follow(supervisor, progress, log);
        supervisor.detach();
      } finally {
        keepRunning(takeDown);
      }
    }
  }

  private void follow(SupervisorProcess supervisor, Progress progress, Path log)
      throws IOException, InterruptedException {
    while (true) {
      switch (supervisor.next()) {
        case SupervisorEvent.StepStarted step -> progress.started(step.step(), step.note());
        case SupervisorEvent.StepDone step -> progress.done(step.step(), step.took());
        case SupervisorEvent.Ready _ -> {
          return;
        }
        case SupervisorEvent.Failed failed -> {
          supervisor.close();
          supervisor.await();
          throw new StackProblem(failed.exitCode(), failed.message());
        }
        case null -> {
          if (isBrokenOff) {
            throw new StackProblem(StackProblem.INTERRUPTED, "The start was broken off.");
          }
          throw new StackProblem(
              StackProblem.UNEXPECTED, "The supervisor ended unexpectedly, see " + log + ".");
        }
      }
    }
  }

  private static void keepRunning(Thread takeDown) {
    try {
      Runtime.getRuntime().removeShutdownHook(takeDown);
    } catch (IllegalStateException _) {
      // it runs already
    }
  }

  /**
   * Broken off: the supervisor takes everything down, and this waits for it, so that nothing is
   * left at the prompt.
   */
  private void takeDown(SupervisorProcess supervisor) {
    isBrokenOff = true;
    terminal()
        .err()
        .println("\n" + terminal().sentence("Broken off, stopping what was started ..."));
    terminal().err().flush();
    try {
      supervisor.close();
      supervisor.await();
    } catch (IOException _) {
      // the leash is gone either way
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
