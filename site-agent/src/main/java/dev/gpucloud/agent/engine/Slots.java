package dev.gpucloud.agent.engine;

/** The GPU memory slices of a host as a 64-bit mask: 8 GPUs with 8 slices each. */
public final class Slots {
  private Slots() {}

  /**
   * Reads up to 16 hexadecimal digits.
   *
   * @throws NumberFormatException when it is anything else
   */
  public static long parse(String hex) {
    return Long.parseUnsignedLong(hex, 16);
  }

  static boolean overlap(long left, long right) {
    return (left & right) != 0;
  }
}
