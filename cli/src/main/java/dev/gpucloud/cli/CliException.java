package dev.gpucloud.cli;

import java.util.List;

/** Ends a command with a sentence for the user, a way out where there is one, and an exit code. */
public class CliException extends RuntimeException {
  private final ExitCode exitCode;
  private final transient List<String> hints;

  public CliException(ExitCode exitCode, String message, String... hints) {
    super(message);
    this.exitCode = exitCode;
    this.hints = List.of(hints);
  }

  /** The exit status this failure deserves. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /** Lines below the message: what can be done. */
  public List<String> hints() {
    return hints;
  }
}
