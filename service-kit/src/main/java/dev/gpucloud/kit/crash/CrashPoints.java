package dev.gpucloud.kit.crash;

import dev.gpucloud.kit.config.KitConfig;
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
public class CrashPoints {
  private static final int STATUS = 137;

  private final @Nullable Path armed;

  CrashPoints(KitConfig config) {
    armed = config.crashAt().orElse(null);
  }

  void start(@Observes StartupEvent event) {
    if (armed != null
        && LaunchMode.current() == LaunchMode.NORMAL
        && ConfigUtils.isProfileActive("prod")) {
      throw new IllegalStateException(
          "gpucloud.crash-at is set in the prod profile. It is for tests: remove"
              + " GPUCLOUD_CRASH_AT.");
    }
  }

  /** A point that a file may be named after, in small letters. */
  public void reached(Enum<?> point) {
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
