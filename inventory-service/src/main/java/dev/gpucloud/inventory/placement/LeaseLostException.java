package dev.gpucloud.inventory.placement;

/** Another replica owns the pool now; nothing of the batch was committed. */
final class LeaseLostException extends RuntimeException {
  LeaseLostException(String pool) {
    super("the lease of pool " + pool + " is lost");
  }
}
