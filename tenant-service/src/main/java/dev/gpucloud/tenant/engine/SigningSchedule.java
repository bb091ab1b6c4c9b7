package dev.gpucloud.tenant.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which signing key signs, when the next one is due and which are no longer needed. A key is
 * published {@code lead} before it signs, so that every reader has it by then, and stays published
 * until the last token it signed has expired.
 */
public record SigningSchedule(Duration rotation, Duration lead, Duration tokenLife) {
  private static final Duration CLOCKS_APART = Duration.ofMinutes(5);

  /** A key by its id and the instant from which it signs. */
  public record Entry(String kid, Instant signsFrom) {}

  /** The key that signs now: the last whose time has come. */
  public Optional<Entry> signer(List<Entry> keys, Instant now) {
    return keys.stream()
        .filter(key -> !key.signsFrom().isAfter(now))
        .max(Comparator.comparing(Entry::signsFrom));
  }

  /** From when a new key must sign, if one has to be made now. */
  public Optional<Instant> due(List<Entry> keys, Instant now) {
    Optional<Instant> newest = keys.stream().map(Entry::signsFrom).max(Instant::compareTo);
    if (newest.isEmpty()) {
      return Optional.of(now);
    }
    Instant next = newest.get().plus(rotation);
    Instant soonest = now.plus(lead);
    return next.isAfter(soonest) ? Optional.empty() : Optional.of(soonest);
  }

  /** Keys that have a successor for so long that no token of theirs is valid any more. */
  public List<Entry> over(List<Entry> keys, Instant now) {
    Instant horizon = now.minus(tokenLife).minus(CLOCKS_APART);
    Optional<Entry> kept = signer(keys, horizon);
    return keys.stream()
        .filter(key -> kept.filter(k -> key.signsFrom().isBefore(k.signsFrom())).isPresent())
        .toList();
  }
}
