package dev.gpucloud.cli.rate;

import java.util.List;

/** A file that cannot be rated; every violation is a line. */
public final class BadFileException extends RuntimeException {
  private final transient List<String> violations;

  BadFileException(String message, List<String> violations) {
    super(message);
    this.violations = List.copyOf(violations);
  }

  public List<String> violations() {
    return violations;
  }
}
