package dev.gpucloud.inventory.placement;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigUtils;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
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

  private final @Nullable Point fatal;
  private final Path armed;

  CrashPoints(PlacementConfig config) {
    String[] parts = config.crashAt().orElse("").split(":", 2);
    fatal = parts.length < 2 ? null : Point.valueOf(parts[0].toUpperCase(Locale.ROOT));
    armed = Path.of(parts[parts.length - 1]);
  }

  void start(@Observes StartupEvent event) {
    if (fatal != null
        && LaunchMode.current() == LaunchMode.NORMAL
        && ConfigUtils.isProfileActive("prod")) {
      throw new IllegalStateException(
          "gpucloud.placement.crash-at is set in the prod profile. It is for tests: remove"
              + " GPUCLOUD_PLACEMENT_CRASH_AT.");
    }
  }

  void reached(Point point) {
    if (point == fatal && Files.exists(armed)) {
      Runtime.getRuntime().halt(STATUS);
    }
  }
}
