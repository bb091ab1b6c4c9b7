package dev.gpucloud.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * How many cells a line of the process's terminal has: COLUMNS, else what the terminal itself says.
 */
final class TerminalWidth implements IntSupplier {
  private static final int NARROWEST = 40;
  private final Map<String, String> env;
  private int known = -1;

  TerminalWidth(Map<String, String> env) {
    this.env = env;
  }

  @Override
  public int getAsInt() {
    if (known < 0) {
      known = Math.max(read(), 0);
      known = known == 0 ? 0 : Math.max(known, NARROWEST);
    }
    return known;
  }

  private int read() {
    String columns = env.getOrDefault("COLUMNS", "").strip();
    return columns.matches("[0-9]{1,5}") ? Integer.parseInt(columns) : asked();
  }

  /** {@code stty size} says rows and columns of the terminal at its standard input. */
  private static int asked() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return said.strip().matches("[0-9]+ [0-9]{1,5}")
          ? Integer.parseInt(said.strip().split(" ")[1])
          : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
