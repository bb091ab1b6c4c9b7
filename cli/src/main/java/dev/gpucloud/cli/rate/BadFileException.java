package dev.gpucloud.cli.rate;

import java.util.List;
import java.util.stream.Stream;

/** A file that cannot be rated; every violation is a line. */
public final class BadFileException extends RuntimeException {
  private final transient List<String> violations;

  BadFileException(String message, List<String> violations) {
    super(message);
    this.violations = List.copyOf(violations);
  }

  /** Both files at once: the other one's violations below its name. */
  BadFileException and(BadFileException other) {
    return new BadFileException(
        String.valueOf(getMessage()),
        Stream.of(violations, List.of(String.valueOf(other.getMessage())), other.violations)
            .flatMap(List::stream)
            .toList());
  }

  public List<String> violations() {
    return violations;
  }
}
