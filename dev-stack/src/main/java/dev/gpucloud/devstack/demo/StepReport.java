package dev.gpucloud.devstack.demo;

import dev.gpucloud.cli.Terminal;
import java.io.PrintWriter;
import java.util.Locale;

/** One line per step; on a terminal the line moves while the step is under way. */
final class StepReport implements AutoCloseable {
  private static final String[] FRAMES = {"|", "/", "-", "\\"};
  private static final int STEPS = DemoStep.values().length;

  private final Terminal terminal;
  private final PrintWriter to;
  private DemoStep step = DemoStep.LOGIN;
  private String detail = "";
  private long startNanos = System.nanoTime();
  private boolean underWay;
  private int frame;
  private final Thread spinner;

  StepReport(Terminal terminal, PrintWriter to) {
    this.terminal = terminal;
    this.to = to;
    this.spinner = Thread.ofVirtual().unstarted(this::spin);
    if (terminal.isInteractive()) {
      spinner.start();
    }
  }

  synchronized void begin(DemoStep next) {
    step = next;
    detail = "";
    startNanos = System.nanoTime();
    underWay = true;
  }

  /** What the step is at. */
  synchronized void at(String now) {
    detail = terminal.sentence(now);
  }

  synchronized void done(String outcome) {
    underWay = false;
    clear();
    to.printf(
        Locale.ROOT,
        "%s %s  %s%n",
        head(),
        terminal.styled(Terminal.Style.DIM, String.format(Locale.ROOT, "%5.1f s", seconds())),
        terminal.sentence(outcome));
    to.flush();
  }

  synchronized void failed() {
    if (underWay) {
      underWay = false;
      clear();
      to.printf(
          Locale.ROOT,
          "%s %s%n",
          head(),
          terminal.styled(Terminal.Style.RED, terminal.text("failed")));
      to.flush();
    }
  }

  /** A line between the steps. */
  synchronized void note(String line) {
    clear();
    to.println("        " + terminal.sentence(line));
    to.flush();
  }

  @Override
  public void close() {
    spinner.interrupt();
    failed();
  }

  private void spin() {
    try {
      while (true) {
        Thread.sleep(120);
        draw();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void draw() {
    if (underWay) {
      frame++;
      clear();
      to.printf(
          Locale.ROOT,
          "%s %s %5.1f s  %s",
          head(),
          FRAMES[frame % FRAMES.length],
          seconds(),
          detail);
      to.flush();
    }
  }

  private void clear() {
    if (terminal.isInteractive()) {
      to.print("\r\u001b[2K");
    }
  }

  private String head() {
    return String.format(Locale.ROOT, "[%2d/%d] %-9s", step.ordinal() + 1, STEPS, step.label());
  }

  private double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
