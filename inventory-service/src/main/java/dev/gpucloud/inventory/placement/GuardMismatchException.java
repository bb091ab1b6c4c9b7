package dev.gpucloud.inventory.placement;

/** The database disagrees with the index; the database is right. */
final class GuardMismatchException extends RuntimeException {
  GuardMismatchException(String message) {
    super(message);
  }
}
