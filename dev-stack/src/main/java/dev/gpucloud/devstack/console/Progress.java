package dev.gpucloud.devstack.console;

import dev.gpucloud.cli.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A line per step: on a terminal with a moving sign and the seconds until it is done, elsewhere one
 * plain line when it is.
 */
public abstract sealed class Progress implements AutoCloseable {

  /** The progress that suits the terminal. */
  public static Progress on(Terminal terminal) {
    return terminal.isInteractive() ? new Live(terminal) : new Plain(terminal);
  }

  public abstract void started(String step, String note);

  public abstract void done(String step, Duration took);

  @Override
  public void close() {}

  static String seconds(Duration took) {
    return String.format(Locale.ROOT, "%6.1f s", took.toMillis() / 1000.0);
  }

  /** One line per finished step. */
  static final class Plain extends Progress {
    private final Terminal terminal;
    private final PrintWriter out;

    Plain(Terminal terminal) {
      this.terminal = terminal;
      this.out = terminal.out();
    }

    @Override
    public void started(String step, String note) {
      if (!note.isEmpty()) {
        out.println("  " + step + ": " + terminal.sentence(note));
        out.flush();
      }
    }

    @Override
    public void done(String step, Duration took) {
      out.printf(Locale.ROOT, "  %-20s %s %s%n", step, terminal.text("ready"), seconds(took));
      out.flush();
    }
  }

  /** A block of lines that is drawn anew ten times a second. */
  static final class Live extends Progress {
    private static final String[] SPINNER = {"|", "/", "-", "\\"};
    private static final long FRAME_MILLIS = 100;

    private final Terminal terminal;
    private final Map<String, Line> lines = new LinkedHashMap<>();
    private final Thread painter;
    private int drawn;
    private int frame;
    private boolean closed;

    private record Line(long since, String note, boolean done, Duration took) {}

    Live(Terminal terminal) {
      this.terminal = terminal;
      this.painter = Thread.ofPlatform().daemon().name("progress").start(this::paint);
    }

    @Override
    public synchronized void started(String step, String note) {
      Line before = lines.get(step);
      long since = before == null ? System.nanoTime() : before.since();
      lines.put(step, new Line(since, note, false, Duration.ZERO));
    }

    @Override
    public synchronized void done(String step, Duration took) {
      lines.put(step, new Line(0, "", true, took));
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        draw();
        painter.interrupt();
      }
    }

    private void paint() {
      try {
        while (true) {
          synchronized (this) {
            if (closed) {
              return;
            }
            draw();
          }
          Thread.sleep(FRAME_MILLIS);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    private void draw() {
      PrintWriter out = terminal.out();
      if (drawn > 0) {
        out.print("\u001b[" + drawn + "A");
      }
      String sign = SPINNER[frame++ % SPINNER.length];
      lines.forEach((step, line) -> out.print("\u001b[2K" + text(step, line, sign) + "\n"));
      drawn = lines.size();
      out.flush();
    }

    private String text(String step, Line line, String sign) {
      Duration took =
          line.done() ? line.took() : Duration.ofNanos(System.nanoTime() - line.since());
      String mark =
          line.done()
              ? terminal.styled(Terminal.Style.GREEN, "ok")
              : terminal.styled(Terminal.Style.YELLOW, sign + " ");
      return String.format(Locale.ROOT, "  %s %-20s %s  ", mark, step, seconds(took))
          + terminal.styled(Terminal.Style.DIM, terminal.sentence(line.note()));
    }
  }
}
