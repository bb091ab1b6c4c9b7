package dev.gpucloud.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that repeats an earlier request under its key. */
final class RepeatOption {
  @Option(names = "--idempotency-key", paramLabel = "KEY", description = "Repeat a request.")
  private @Nullable String key;

  /** The key that was given, or a new one. */
  String key() {
    return key == null ? ApiClient.newIdempotencyKey() : key;
  }
}
