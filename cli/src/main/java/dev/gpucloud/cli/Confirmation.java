package dev.gpucloud.cli;

import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Option;

/** The question before what cannot be undone. */
final class Confirmation {
  private static final Set<String> AGREED = Set.of("y", "yes", "예", "네");

  @Option(
      names = {"-y", "--yes"},
      description = "Do it without asking.")
  private boolean yes;

  /** Asks unless {@code --yes} was said. */
  void ask(Terminal terminal, String question, String about) {
    ask(terminal, yes, question, about);
  }

  /**
   * Asks a person; a script must have said so before.
   *
   * @param question with {@code %s} for what it is about
   */
  static void ask(Terminal terminal, boolean agreedBefore, String question, String about) {
    if (agreedBefore) {
      return;
    }
    if (!terminal.isInteractive()) {
      throw new CliException(
          ExitCode.USAGE,
          "This cannot be undone, and nobody is there to ask.",
          "what to do: say --yes");
    }
    terminal.err().print(terminal.text(question).formatted(about) + " [y/N] ");
    terminal.err().flush();
    String answer = terminal.readLine();
    if (answer == null || !AGREED.contains(answer.strip().toLowerCase(Locale.ROOT))) {
      throw new CliException(ExitCode.REFUSED, "Nothing was done.");
    }
  }
}
