package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Looks at something again and again until it is as wanted. A person sees one line that moves, a
 * log gets a line for each change.
 */
final class Patience {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);
  private static final String[] MOVING = {"|", "/", "-", "\\"};
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final Duration atMost;
  private final Witness witness;
  private final long startedNanos = System.nanoTime();

  Patience(Duration atMost, Witness witness) {
    this.atMost = atMost;
    this.witness = witness;
  }

  /** Who is told of each look. */
  interface Witness {
    void saw(JsonNode thing, Verdict verdict, Duration waited);
  }

  /** What a look says. */
  enum Verdict {
    /** It is as wanted. */
    THERE,
    /** It may become so. */
    NOT_YET,
    /** It never will. */
    NEVER;

    /** By the state of a thing: from a failed or a deleted one nothing comes. */
    static Verdict of(JsonNode thing, String wanted) {
      String now = thing.path("state").asText();
      if (now.equals(wanted)) {
        return THERE;
      }
      boolean ends = now.equals("FAILED") || now.equals("DELETED") || now.equals("RETIRED");
      boolean goes = now.equals("DELETING") && !wanted.equals("DELETED");
      return ends || goes ? NEVER : NOT_YET;
    }
  }

  /**
   * Looks until the verdict is good.
   *
   * @param inVain what is said when it never will be, or not in time
   */
  JsonNode until(
      Supplier<JsonNode> look,
      Function<JsonNode, Verdict> verdict,
      Function<JsonNode, String> inVain) {
    while (true) {
      JsonNode seen = look.get();
      Verdict now = verdict.apply(seen);
      boolean late = waited().compareTo(atMost) > 0;
      witness.saw(seen, late && now == Verdict.NOT_YET ? Verdict.NEVER : now, waited());
      if (now == Verdict.THERE) {
        return seen;
      }
      if (now == Verdict.NEVER || late) {
        throw inVain(inVain.apply(seen), seen, now == Verdict.NOT_YET);
      }
      rest();
    }
  }

  /** Reads a thing that may go away meanwhile, which counts as DELETED. */
  static JsonNode orDeleted(String id, Supplier<JsonNode> look) {
    try {
      return look.get();
    } catch (ApiProblem problem) {
      if (problem.status() == 404) {
        return Json.object().put("id", id).put("state", "DELETED");
      }
      throw problem;
    }
  }

  private CliException inVain(String what, JsonNode seen, boolean late) {
    List<String> hints = new ArrayList<>();
    String reason = Fields.first(seen, "reason", "stateReason");
    if (!reason.equals(Fields.NONE)) {
      hints.add("reason: " + reason);
    }
    if (late) {
      hints.add("The time to wait is over after %s s.".formatted(atMost.toSeconds()));
    }
    return new CliException(ExitCode.WAITED_IN_VAIN, what, hints.toArray(String[]::new));
  }

  /** A line at a terminal: one that moves for a person, one for each change in a log. */
  static Witness at(Terminal terminal, Function<JsonNode, String> line) {
    return new Line(terminal, line);
  }

  private Duration waited() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  private static void rest() {
    try {
      Thread.sleep(BETWEEN_LOOKS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.INTERNAL, "Interrupted.");
    }
  }

  private static final class Line implements Witness {
    private final Terminal terminal;
    private final Function<JsonNode, String> words;
    private String last = "";
    private int looks;

    Line(Terminal terminal, Function<JsonNode, String> words) {
      this.terminal = terminal;
      this.words = words;
    }

    @Override
    public void saw(JsonNode thing, Verdict verdict, Duration waited) {
      String line = words.apply(thing);
      if (terminal.isInteractive()) {
        boolean ends = verdict != Verdict.NOT_YET;
        String mark = ends ? "" : MOVING[looks++ % MOVING.length] + " ";
        terminal.err().print(CLEAR_LINE + mark + line + "  " + waited.toSeconds() + " s");
        terminal.err().print(ends ? "\n" : "");
      } else if (!line.equals(last)) {
        terminal.err().println(line);
      }
      last = line;
      terminal.err().flush();
    }
  }
}
