package dev.gpucloud.benchmarks.packing;

import java.io.PrintWriter;

/** A bar on standard error, when it is a terminal: the script says so. Safe for several threads. */
final class Progress {
  private static final String TERMINAL = "packing.terminal";
  private static final int WIDTH = 40;

  private final PrintWriter err;
  private final boolean shown;
  private final int steps;
  private int done;

  Progress(PrintWriter err, int steps) {
    this.err = err;
    this.shown = Boolean.getBoolean(TERMINAL);
    this.steps = steps;
  }

  synchronized void step() {
    done++;
    if (shown) {
      int filled = WIDTH * done / steps;
      err.print(
          "\r[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + done + "/" + steps);
      err.flush();
    }
  }

  /** Wipes the bar. */
  synchronized void done() {
    if (shown) {
      err.print("\r\033[K");
      err.flush();
    }
  }
}
