package dev.gpucloud.cli;

import java.util.Optional;

/** What a state means to who reads it: good, bad, over, or on its way. */
final class StateColour {
  private StateColour() {}

  /** The colour of a state that is one of those; any other word has none. */
  static Optional<Terminal.Style> of(String state) {
    return switch (state) {
      case "RUNNING", "ACTIVE", "SUCCEEDED" -> Optional.of(Terminal.Style.GREEN);
      case "FAILED", "QUARANTINED", "DEAD", "DEGRADED" -> Optional.of(Terminal.Style.RED);
      case "STOPPED", "DELETED", "RETIRED", "WITHDRAWN", "CLOSED" ->
          Optional.of(Terminal.Style.DIM);
      default -> state.endsWith("ING") ? Optional.of(Terminal.Style.YELLOW) : Optional.empty();
    };
  }
}
