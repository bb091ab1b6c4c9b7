package dev.gpucloud.tenant.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of a tenant's running instances while it is suspended. */
public record SuspensionPolicy(Running running, @Nullable Integer noticeHours) {
  private static final int MAX_NOTICE_HOURS = 2160;

  /** They go on: what a tenant has that nobody decided otherwise about. */
  public static final SuspensionPolicy KEEP = new SuspensionPolicy(Running.KEEP, null);

  /** Whether they go on. */
  public enum Running {
    /** They run on and are billed. */
    KEEP,
    /** They are stopped when the notice is over. */
    STOP_AFTER
  }

  /** When what runs is stopped after a suspension at an instant; empty for never. */
  public Optional<Instant> stopAt(Instant suspendedAt) {
    return noticeHours == null
        ? Optional.empty()
        : Optional.of(suspendedAt.plus(Duration.ofHours(noticeHours)));
  }

  /** Adds what is wrong with it. */
  public void check(String at, Violations violations) {
    if (running == Running.KEEP && noticeHours != null) {
      violations.add(at + "/noticeHours", "only STOP_AFTER has a notice");
    }
    if (running == Running.STOP_AFTER
        && (noticeHours == null || noticeHours < 0 || noticeHours > MAX_NOTICE_HOURS)) {
      violations.add(at + "/noticeHours", "STOP_AFTER needs 0 to " + MAX_NOTICE_HOURS + " hours");
    }
  }
}
