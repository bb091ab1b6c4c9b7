package dev.gpucloud.devstack.command;

import dev.gpucloud.cli.CliContext;
import dev.gpucloud.cli.Terminal;
import dev.gpucloud.devstack.layout.StackProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;

/**
 * What all commands on the dev stack share: where they write, and how a refusal becomes a message
 * and an exit status.
 */
abstract class StackCommand implements Callable<Integer> {
  private final CliContext context;

  StackCommand(CliContext context) {
    this.context = context;
  }

  abstract void run(Stack stack) throws IOException, InterruptedException;

  @Override
  public final Integer call() throws IOException, InterruptedException {
    try {
      run(Stack.of(context));
      return 0;
    } catch (StackProblem e) {
      terminal()
          .err()
          .println(
              terminal().styled(Terminal.Style.RED, terminal().sentence("error:"))
                  + " "
                  + terminal().sentence(String.valueOf(e.getMessage())));
      return e.exitCode();
    } finally {
      terminal().out().flush();
      terminal().err().flush();
    }
  }

  final Terminal terminal() {
    return context.terminal();
  }

  /** A sentence for the person, in their language. */
  final void say(String english) {
    print(terminal().sentence(english));
  }

  /** A line as it is. */
  final void print(String line) {
    PrintWriter out = terminal().out();
    out.println(line);
    out.flush();
  }
}
