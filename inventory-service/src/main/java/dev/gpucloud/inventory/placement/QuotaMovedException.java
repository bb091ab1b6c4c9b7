package dev.gpucloud.inventory.placement;

/** What a batch read of a quota was not right any more when it was to be counted. */
final class QuotaMovedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  QuotaMovedException(int lines) {
    super("another transaction moved %d lines of quota".formatted(lines), null, false, false);
  }
}
