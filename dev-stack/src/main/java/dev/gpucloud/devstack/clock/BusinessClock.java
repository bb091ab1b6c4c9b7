package dev.gpucloud.devstack.clock;

import dev.gpucloud.devstack.clock.ClockReading.Mode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The business clock of a dev stack: it can be frozen, stepped and set running again, but never
 * goes back, not even when the machine's own clock does between two runs. A move returns when every
 * participant that asked for the time lately has acknowledged it.
 */
public final class BusinessClock {
  private static final Duration PARTICIPANT_SILENCE = Duration.ofSeconds(45);

  private final InstantSource system;
  private final ClockFile file;
  private final Map<String, Participant> participants = new TreeMap<>();
  private ClockReading reading;

  private record Participant(Instant lastSeen, long acknowledged) {}

  /** Continues where the file says, or begins running at {@code startsAt}. */
  public BusinessClock(InstantSource system, ClockFile file, Instant startsAt) throws IOException {
    this.system = () -> system.instant().truncatedTo(ChronoUnit.MILLIS);
    this.file = file;
    Instant now = this.system.instant();
    ClockFile.Kept kept =
        file.load().orElseGet(() -> new ClockFile.Kept(running(1, now, startsAt), startsAt));
    this.reading =
        kept.reading().at(now).isBefore(kept.highWater())
            ? running(kept.reading().version() + 1, now, kept.highWater())
            : kept.reading();
    save();
  }

  public synchronized ClockReading current() {
    return reading;
  }

  /** Business time now. */
  public synchronized Instant now() {
    return reading.at(system.instant());
  }

  /**
   * Waits until the version is above {@code known}, or the patience ends, and answers with the
   * clock as it is then.
   */
  public synchronized ClockReading await(
      long known, @Nullable String participant, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    seen(participant);
    while (reading.version() <= known) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      wait(Math.max(1, left / 1_000_000));
    }
    seen(participant);
    return reading;
  }

  /** The participant lives by this version from now on. */
  public synchronized void acknowledge(String participant, long version) {
    long before =
        participants.getOrDefault(participant, new Participant(Instant.EPOCH, 0)).acknowledged();
    participants.put(participant, new Participant(system.instant(), Math.max(before, version)));
    notifyAll();
  }

  /** The participant has ended; it asks for the clock again before it works again. */
  public synchronized void forget(String participant) {
    participants.remove(participant);
    notifyAll();
  }

  /**
   * Moves the clock and waits for the participants.
   *
   * @throws ClockRefused when the move goes back, or a participant does not acknowledge in time:
   *     then the clock has moved
   */
  public synchronized ClockReading move(ClockMove move, Duration patience)
      throws IOException, InterruptedException {
    Instant systemNow = system.instant();
    Instant now = reading.at(systemNow);
    Instant target = move.target(now).truncatedTo(ChronoUnit.MILLIS);
    if (target.isBefore(now)) {
      throw new ClockRefused(
          "CLOCK_MOVES_FORWARD_ONLY",
          "The business clock stands at "
              + now
              + " and never goes back, not even to "
              + target
              + ".");
    }
    Mode mode = move.mode() == null ? reading.mode() : move.mode();
    long version = reading.version() + 1;
    ClockReading next =
        mode == Mode.FROZEN
            ? new ClockReading(version, mode, 0, target)
            : running(version, systemNow, target);
    ClockReading before = reading;
    reading = next;
    try {
      save();
    } catch (IOException e) {
      reading = before;
      throw e;
    }
    notifyAll();
    awaitAcknowledged(version, patience);
    return next;
  }

  /** Writes down how far business time has come. */
  public synchronized void save() throws IOException {
    file.save(new ClockFile.Kept(reading, now()));
  }

  private void awaitAcknowledged(long version, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!missing(version).isEmpty()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new ClockRefused(
            "CLOCK_NOT_ACKNOWLEDGED",
            "The business clock has moved, but "
                + String.join(", ", missing(version))
                + " did not acknowledge it in "
                + patience.toSeconds()
                + " s.");
      }
      wait(Math.clamp(left / 1_000_000, 1, 1000));
    }
  }

  private TreeSet<String> missing(long version) {
    Instant lately = system.instant().minus(PARTICIPANT_SILENCE);
    TreeSet<String> missing = new TreeSet<>();
    participants.forEach(
        (name, participant) -> {
          if (participant.acknowledged() < version && participant.lastSeen().isAfter(lately)) {
            missing.add(name);
          }
        });
    return missing;
  }

  private void seen(@Nullable String participant) {
    if (participant != null) {
      long acknowledged =
          participants.getOrDefault(participant, new Participant(Instant.EPOCH, 0)).acknowledged();
      participants.put(participant, new Participant(system.instant(), acknowledged));
    }
  }

  private static ClockReading running(long version, Instant system, Instant business) {
    return new ClockReading(
        version, Mode.RUNNING, Duration.between(system, business).toMillis(), null);
  }
}
