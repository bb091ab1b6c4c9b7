package dev.gpucloud.inventory.placement;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigUtils;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process where a test wants it to die, without a word to anybody, as the loss of the
 * machine would. Does nothing unless configured, and keeps a service in the prod profile from
 * starting with it.
 */
@ApplicationScoped
class CrashPoints {
  private static final int STATUS = 137;

  /** What a batch has come to. */
  enum Point {
    /** Decided in memory; no statement is sent. */
    DECIDED,
    /** Committed; nobody has been answered. */
    COMMITTED,
    /** Committed, and everybody has been answered. */
    ANSWERED
  }

  private final @Nullable Path armed;

  CrashPoints(PlacementConfig config) {
    armed = config.crashAt().orElse(null);
  }

  void start(@Observes StartupEvent event) {
    if (armed != null
        && LaunchMode.current() == LaunchMode.NORMAL
        && ConfigUtils.isProfileActive("prod")) {
      throw new IllegalStateException(
          "gpucloud.placement.crash-at is set in the prod profile. It is for tests: remove"
              + " GPUCLOUD_PLACEMENT_CRASH_AT.");
    }
  }

  void reached(Point point) {
    if (armed != null && isMeant(armed.resolve(point.name().toLowerCase(Locale.ROOT)))) {
      Runtime.getRuntime().halt(STATUS);
    }
  }

  /** Of several processes only the one that removes the file. */
  private static boolean isMeant(Path file) {
    try {
      return Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
