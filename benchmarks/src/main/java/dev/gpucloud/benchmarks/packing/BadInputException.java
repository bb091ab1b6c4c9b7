package dev.gpucloud.benchmarks.packing;

import java.io.Serial;
import java.nio.file.Path;

/** Input that cannot be used; the message is one line that names the file, and line and column. */
final class BadInputException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private BadInputException(String message) {
    super(message);
  }

  static BadInputException in(Path file, String what) {
    return new BadInputException(file + ": " + what);
  }

  /** {@code line} counts from 1, the header included. */
  static BadInputException at(Path file, long line, String column, String what) {
    return new BadInputException(file + ", line " + line + ", column " + column + ": " + what);
  }
}
