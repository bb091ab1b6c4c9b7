package dev.gpucloud.kit.inbox;

/** Another replica began a stream of the batch at the same time; trying again sees what it did. */
class StreamTakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StreamTakenException() {
    super("a stream was begun elsewhere", null, false, false);
  }
}
