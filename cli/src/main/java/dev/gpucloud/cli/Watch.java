package dev.gpucloud.cli;

import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What {@code --watch} does: the command again and again until it is broken off. A terminal shows
 * the newest answer alone; elsewhere an answer is printed when it differs from the one before.
 */
final class Watch {
  private static final double OFTENEST_SECONDS = 0.2;
  private static final Set<String> READING = Set.of("list", "show", "history");
  private static final String CLEAR = "\u001b[H\u001b[2J";

  private final Terminal terminal;
  private final Duration pause;
  private @Nullable String last;

  Watch(Terminal terminal, double seconds) {
    if (!(seconds >= OFTENEST_SECONDS)) {
      throw new CliException(
          ExitCode.USAGE,
          "--watch is seconds between two looks, at least 0.2.",
          "example: --watch 5");
    }
    this.terminal = terminal;
    this.pause = Duration.ofMillis(Math.round(seconds * 1000));
  }

  /** A command that only reads, though its name does not say so. */
  interface Reading {}

  /** Gives the option to every command below that only reads. */
  static void offer(CommandSpec command) {
    command.subcommands().values().forEach(sub -> offer(sub.getCommandSpec()));
    if (command.userObject() instanceof ApiCommand one
        && (one instanceof Reading || READING.contains(command.name()))) {
      command.addOption(
          OptionSpec.builder("-w", "--watch")
              .arity("0..1")
              .fallbackValue("2")
              .type(Double.class)
              .paramLabel("SECONDS")
              .description("Look again every so many seconds (2), until broken off.")
              .setter(
                  new ISetter() {
                    @Override
                    public <T> @Nullable T set(@Nullable T value) {
                      if (value != null) {
                        one.watchEvery((Double) value);
                      }
                      return null;
                    }
                  })
              .build());
    }
  }

  /** Runs the command for as long as nobody breaks it off, somebody reads and nothing refuses. */
  ExitCode over(Supplier<ExitCode> command) {
    while (!Thread.currentThread().isInterrupted()) {
      command.get();
      if (terminal.out().checkError()) {
        return ExitCode.OK;
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return ExitCode.OK;
  }

  void show(String text) {
    if (text.equals(last)) {
      return;
    }
    last = text;
    terminal.out().print(terminal.isInteractive() ? CLEAR + text : text);
    terminal.out().flush();
  }
}
