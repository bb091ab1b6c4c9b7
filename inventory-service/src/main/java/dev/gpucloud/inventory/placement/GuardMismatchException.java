package dev.gpucloud.inventory.placement;

/** The database disagrees with the index; the database is right. */
final class GuardMismatchException extends RuntimeException {
  GuardMismatchException(String message) {
    super(message);
  }

  /** Fails unless as many rows matched as were to be changed. */
  static void expect(int wanted, int found, String table) {
    if (wanted != found) {
      throw new GuardMismatchException(table + ": " + found + " of " + wanted + " rows matched");
    }
  }
}
