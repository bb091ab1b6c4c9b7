package dev.gpucloud.devstack.client;

import java.time.Duration;

/** What a starting supervisor tells whoever launched it, one line of text each. */
public sealed interface SupervisorEvent {

  /** A step began; {@code note} says what takes long, or is empty. */
  record StepStarted(String step, String note) implements SupervisorEvent {}

  /** A step ended well after this time. */
  record StepDone(String step, Duration took, String note) implements SupervisorEvent {}

  /** Everything runs. */
  record Ready() implements SupervisorEvent {}

  /**
   * The start failed and the supervisor is gone; the exit code tells why, the message what to do.
   */
  record Failed(int exitCode, String message) implements SupervisorEvent {}

  /** The line that carries this event. */
  default String toLine() {
    return switch (this) {
      case StepStarted s -> line("started", s.step(), s.note());
      case StepDone d -> line("done", d.step(), Long.toString(d.took().toMillis()), d.note());
      case Ready _ -> line("ready");
      case Failed f -> line("failed", Integer.toString(f.exitCode()), f.message());
    };
  }

  /** Reads back what {@link #toLine} wrote. */
  static SupervisorEvent parse(String line) {
    String[] part = line.split("\t", -1);
    for (int i = 0; i < part.length; i++) {
      part[i] = part[i].translateEscapes();
    }
    return switch (part[0]) {
      case "started" -> new StepStarted(part[1], part[2]);
      case "done" -> new StepDone(part[1], Duration.ofMillis(Long.parseLong(part[2])), part[3]);
      case "ready" -> new Ready();
      case "failed" -> new Failed(Integer.parseInt(part[1]), part[2]);
      default -> throw new IllegalArgumentException("Unknown event: " + line);
    };
  }

  private static String line(String... parts) {
    for (int i = 0; i < parts.length; i++) {
      parts[i] = parts[i].replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
    }
    return String.join("\t", parts);
  }
}
