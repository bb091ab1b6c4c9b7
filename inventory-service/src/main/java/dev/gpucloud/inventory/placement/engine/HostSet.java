package dev.gpucloud.inventory.placement.engine;

/**
 * A set of small numbers with two levels of summaries above the words, so that the next member is
 * found in a few steps among 262,144 and more.
 */
final class HostSet {
  private final long[] words;
  private final long[] groups;
  private final long[] tops;

  /** For the numbers from 0 up to, not including, {@code size}. */
  HostSet(int size) {
    words = new long[(size >>> 6) + 1];
    groups = new long[(size >>> 12) + 1];
    tops = new long[(size >>> 18) + 1];
  }

  void add(int at) {
    long before = words[at >>> 6];
    words[at >>> 6] = before | 1L << at;
    if (before == 0) {
      groups[at >>> 12] |= 1L << (at >>> 6);
      tops[at >>> 18] |= 1L << (at >>> 12);
    }
  }

  void remove(int at) {
    if ((words[at >>> 6] &= ~(1L << at)) == 0 && (groups[at >>> 12] &= ~(1L << (at >>> 6))) == 0) {
      tops[at >>> 18] &= ~(1L << (at >>> 12));
    }
  }

  boolean contains(int at) {
    return (words[at >>> 6] >>> at & 1) == 1;
  }

  /** The smallest member that is at least {@code from}, or -1. */
  int next(int from) {
    int word = from >>> 6;
    if (word >= words.length) {
      return -1;
    }
    long bits = words[word] & -1L << from;
    if (bits != 0) {
      return (word << 6) + Long.numberOfTrailingZeros(bits);
    }
    int next = nextWord(word + 1);
    return next < 0 ? -1 : (next << 6) + Long.numberOfTrailingZeros(words[next]);
  }

  private int nextWord(int from) {
    int group = from >>> 6;
    if (group >= groups.length) {
      return -1;
    }
    long bits = groups[group] & -1L << from;
    if (bits != 0) {
      return (group << 6) + Long.numberOfTrailingZeros(bits);
    }
    int next = nextGroup(group + 1);
    return next < 0 ? -1 : (next << 6) + Long.numberOfTrailingZeros(groups[next]);
  }

  private int nextGroup(int from) {
    long mask = -1L << from;
    for (int top = from >>> 6; top < tops.length; top++) {
      long bits = tops[top] & mask;
      if (bits != 0) {
        return (top << 6) + Long.numberOfTrailingZeros(bits);
      }
      mask = -1L;
    }
    return -1;
  }

  /** The largest member, or -1. */
  int last() {
    for (int top = tops.length - 1; top >= 0; top--) {
      if (tops[top] != 0) {
        int group = (top << 6) + 63 - Long.numberOfLeadingZeros(tops[top]);
        int word = (group << 6) + 63 - Long.numberOfLeadingZeros(groups[group]);
        return (word << 6) + 63 - Long.numberOfLeadingZeros(words[word]);
      }
    }
    return -1;
  }
}
