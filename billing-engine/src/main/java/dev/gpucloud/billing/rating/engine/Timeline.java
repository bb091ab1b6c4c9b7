package dev.gpucloud.billing.rating.engine;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Versions of one thing, each in force from its instant until the next one. */
public final class Timeline<T> {
  private final NavigableMap<Instant, T> versions;

  private Timeline(NavigableMap<Instant, T> versions) {
    this.versions = versions;
  }

  /** Orders the versions by the instant from which each holds. */
  public static <T> Timeline<T> of(Collection<T> versions, Function<T, Instant> effectiveFrom) {
    var map = new TreeMap<Instant, T>();
    for (T version : versions) {
      if (map.put(effectiveFrom.apply(version), version) != null) {
        throw new IllegalArgumentException("two versions from " + effectiveFrom.apply(version));
      }
    }
    return new Timeline<>(map);
  }

  /** What is in force from each of some instants on; null for nothing. */
  static <T> Timeline<T> from(
      Collection<Instant> instants, Function<Instant, @Nullable T> inForce) {
    var map = new TreeMap<Instant, T>();
    instants.forEach(at -> map.put(at, inForce.apply(at)));
    return new Timeline<>(map);
  }

  /** A timeline on which nothing was ever in force. */
  public static <T> Timeline<T> empty() {
    return new Timeline<>(new TreeMap<>());
  }

  /** The version in force then, or null before the first one. */
  public @Nullable T findAt(Instant instant) {
    var entry = versions.floorEntry(instant);
    return entry == null ? null : entry.getValue();
  }

  /** Instants strictly between the two at which the version changes. */
  public Set<Instant> changesBetween(Instant from, Instant to) {
    if (!from.isBefore(to)) {
      return Set.of();
    }
    return versions.subMap(from, false, to, false).keySet();
  }

  public Collection<T> all() {
    return Collections.unmodifiableCollection(versions.values());
  }
}
