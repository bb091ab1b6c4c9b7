package dev.gpucloud.gateway.events.engine;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * How far a stream has read the feed: for each partition the offset to read next. As text, such as
 * {@code 0:17,1:5,2:90}, it is the id of an event; partitions that a text does not name are new to
 * it and are read from their start.
 */
public final class Position {
  /** Of a partition that is to be read from its start. */
  public static final long START = -1;

  private static final Pattern TEXT = Pattern.compile("\\d{1,4}:\\d{1,18}(,\\d{1,4}:\\d{1,18})*");
  private static final int LONGEST = 8 * 1024;

  private final long[] next;

  private Position(long[] next) {
    this.next = next;
  }

  /** At these offsets, by partition. */
  public static Position of(long... next) {
    return new Position(next.clone());
  }

  /**
   * Reads an event's id.
   *
   * @throws IllegalArgumentException when it is none of a feed with so many partitions
   */
  public static Position parse(String text, int partitions) {
    if (text.length() > LONGEST || !TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException("it is not a list of <partition>:<offset>");
    }
    long[] next = new long[partitions];
    Arrays.fill(next, START);
    for (String pair : text.split(",")) {
      int colon = pair.indexOf(':');
      int partition = Integer.parseInt(pair.substring(0, colon));
      if (partition >= partitions || next[partition] != START) {
        throw new IllegalArgumentException(
            "partition %d is unknown or named twice".formatted(partition));
      }
      next[partition] = Long.parseLong(pair.substring(colon + 1));
    }
    return new Position(next);
  }

  /** The offset to read next, or {@link #START}. */
  public long next(int partition) {
    return next[partition];
  }

  /** The same after an event of a partition. */
  public Position after(int partition, long offset) {
    long[] moved = next.clone();
    moved[partition] = offset + 1;
    return new Position(moved);
  }

  /** Whether everything before {@code other} was read. */
  public boolean hasReached(Position other) {
    for (int i = 0; i < next.length; i++) {
      if (next[i] < other.next[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Position that && Arrays.equals(next, that.next);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(next);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < next.length; i++) {
      if (next[i] != START) {
        text.append(text.isEmpty() ? "" : ",").append(i).append(':').append(next[i]);
      }
    }
    return text.toString();
  }
}
