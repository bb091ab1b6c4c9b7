package dev.gpucloud.cli;

import java.io.PrintWriter;

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
      err.println(terminal.styled(Terminal.Style.RED, "error:") + " " + expected.getMessage());
      expected.hints().forEach(hint -> err.println("  " + hint));
      err.flush();
      return expected.exitCode();
    }
    err.println(
        terminal.styled(Terminal.Style.RED, "error:") + " a fault of this program: " + failure);
    failure.printStackTrace(err);
    err.flush();
    return ExitCode.INTERNAL;
  }
}
