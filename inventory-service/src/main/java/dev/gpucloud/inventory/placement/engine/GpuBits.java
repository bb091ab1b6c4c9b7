package dev.gpucloud.inventory.placement.engine;

/**
 * Arithmetic on a host's mask: 8 GPUs x 8 memory slices, GPU 0 in the lowest byte, a set bit is
 * free (or, in an allocation's mask, taken).
 */
public final class GpuBits {
  private static final long LOW = 0x0101010101010101L;
  private static final int GPUS = 8;

  /** For a byte of wholly free GPUs and a number of them: which to take. */
  private static final byte[][] PICK = pickTable();

  /** For a byte of GPUs: the mask of all their slices. */
  private static final long[] MASKS = maskTable();

  private GpuBits() {}

  /** The mask of a host with {@code gpus} free GPUs, 1 to 8. */
  public static long full(int gpus) {
    return gpus == GPUS ? -1L : (1L << (gpus * GpuGeometry.BITS_PER_GPU)) - 1;
  }

  /** One bit per GPU of which every slice is free. */
  public static int wholeGpus(long free) {
    long x = free;
    x &= x >>> 4;
    x &= x >>> 2;
    x &= x >>> 1;
    return gather(x & LOW);
  }

  /** How many GPUs have every slice free. */
  static int countWhole(long free) {
    long x = free;
    x &= x >>> 4;
    x &= x >>> 2;
    x &= x >>> 1;
    return Long.bitCount(x & LOW);
  }

  /** One bit per GPU of which some slices are free and some are not. */
  public static int splitGpus(long free) {
    long any = free;
    any |= any >>> 4;
    any |= any >>> 2;
    any |= any >>> 1;
    return gather(any & LOW) & ~wholeGpus(free);
  }

  /** The mask of all slices of the GPUs named by one bit each. */
  public static long maskOf(int gpuBits) {
    return MASKS[gpuBits];
  }

  public static int byteOf(long free, int gpu) {
    return (int) (free >>> (gpu * GpuGeometry.BITS_PER_GPU)) & 0xFF;
  }

  /** The slices of {@code gpus} of the whole GPUs in a mask: those to keep of what is held. */
  public static long keep(long mask, int gpus) {
    int whole = wholeGpus(mask);
    return maskOf(pick(whole, Math.min(gpus, Integer.bitCount(whole))));
  }

  /** Memory slices in a mask, in eighths of a GPU. */
  public static int slices(long mask) {
    return Long.bitCount(mask);
  }

  /**
   * Which {@code wanted} of the wholly free GPUs to take: inside one half of the host (one NUMA
   * node) if it can be, breaking as few aligned pairs and empty halves as it can.
   */
  static int pick(int wholeGpus, int wanted) {
    return PICK[wholeGpus][wanted] & 0xFF;
  }

  private static int gather(long lowBits) {
    return (int) ((lowBits * 0x0102040810204080L) >>> 56);
  }

  private static long[] maskTable() {
    long[] table = new long[256];
    for (int gpus = 0; gpus < 256; gpus++) {
      for (int gpu = 0; gpu < GPUS; gpu++) {
        table[gpus] |= (gpus >> gpu & 1) == 1 ? 0xFFL << (gpu * GpuGeometry.BITS_PER_GPU) : 0;
      }
    }
    return table;
  }

  private static byte[][] pickTable() {
    byte[][] table = new byte[256][GPUS + 1];
    for (int free = 0; free < 256; free++) {
      for (int wanted = 1; wanted <= Integer.bitCount(free); wanted++) {
        table[free][wanted] = (byte) bestSubset(free, wanted);
      }
    }
    return table;
  }

  private static int bestSubset(int free, int wanted) {
    int best = 0;
    int bestCost = Integer.MAX_VALUE;
    for (int taken = free; taken != 0; taken = (taken - 1) & free) {
      if (Integer.bitCount(taken) == wanted) {
        int cost = cost(free, taken) * 256 + taken;
        if (cost < bestCost) {
          best = taken;
          bestCost = cost;
        }
      }
    }
    return best;
  }

  private static int cost(int free, int taken) {
    boolean crosses = (taken & 0x0F) != 0 && (taken & 0xF0) != 0;
    int cost = crosses ? 64 : 0;
    cost += 8 * (whole(free, 0x0F, taken) + whole(free, 0xF0, taken));
    for (int pair = 0x03; pair <= 0xC0; pair <<= 2) {
      boolean broken = (free & pair) == pair && Integer.bitCount(taken & pair) == 1;
      cost += broken ? 1 : 0;
    }
    return cost;
  }

  /** 1 when {@code taken} touches the group while the group is still all free. */
  private static int whole(int free, int group, int taken) {
    return (free & group) == group && (taken & group) != 0 ? 1 : 0;
  }
}
