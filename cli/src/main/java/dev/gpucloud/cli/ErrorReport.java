package dev.gpucloud.cli;

import java.io.PrintWriter;
import java.util.List;

/** Turns a failure into lines a person can act on, and an exit code a script can. */
public final class ErrorReport {
  private final Terminal terminal;

  public ErrorReport(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Prints the failure; a stack trace only for a fault of the program itself. */
  public ExitCode of(Throwable failure) {
    PrintWriter err = terminal.err();
    terminal.out().flush();
    if (failure instanceof CliException expected) {
      String message =
          expected instanceof ApiProblem problem
              ? problem.message(terminal)
              : terminal.sentence(String.valueOf(expected.getMessage()));
      List<String> hints =
          expected instanceof ApiProblem problem
              ? problem.hints(terminal)
              : expected.hints().stream().map(terminal::sentence).toList();
      err.println(heading() + " " + message);
      hints.forEach(hint -> err.println("  " + hint));
      err.flush();
      return expected.exitCode();
    }
    err.println(heading() + " " + terminal.sentence("a fault of this program: " + failure));
    failure.printStackTrace(err);
    err.flush();
    return ExitCode.INTERNAL;
  }

  private String heading() {
    return terminal.styled(Terminal.Style.RED, terminal.sentence("error:"));
  }
}
