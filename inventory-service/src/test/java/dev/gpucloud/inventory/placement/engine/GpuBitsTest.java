package dev.gpucloud.inventory.placement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GpuBitsTest {

  @Test
  void findsWholeAndSplitGpusLikeALoopDoes() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      long free = 0;
      for (int gpu = 0; gpu < 8; gpu++) {
        int kind = random.nextInt(3);
        long bits = kind == 0 ? 0 : kind == 1 ? 0xFF : random.nextInt(256);
        free |= bits << (8 * gpu);
      }
      assertThat(GpuBits.wholeGpus(free)).isEqualTo(slowly(free, true));
      assertThat(GpuBits.splitGpus(free)).isEqualTo(slowly(free, false));
    }
  }

  private static int slowly(long free, boolean whole) {
    int bits = 0;
    for (int gpu = 0; gpu < 8; gpu++) {
      int one = GpuBits.byteOf(free, gpu);
      boolean match = whole ? one == 0xFF : one != 0 && one != 0xFF;
      bits |= match ? 1 << gpu : 0;
    }
    return bits;
  }

  @Test
  void picksTheWantedNumberOutOfTheFreeOnes() {
    for (int free = 0; free < 256; free++) {
      for (int wanted = 1; wanted <= Integer.bitCount(free); wanted++) {
        int taken = GpuBits.pick(free, wanted);
        assertThat(taken & ~free).isZero();
        assertThat(Integer.bitCount(taken)).isEqualTo(wanted);
      }
    }
  }

  @Test
  void staysInsideOneHalfAndKeepsTheOtherWhole() {
    assertThat(GpuBits.pick(0xFF, 4)).isEqualTo(0x0F);
    assertThat(GpuBits.pick(0xF7, 4)).isEqualTo(0xF0);
    assertThat(GpuBits.pick(0xFC, 2)).isEqualTo(0x0C);
    assertThat(GpuBits.pick(0xFE, 1)).isEqualTo(0x02);
    assertThat(GpuBits.pick(0x36, 2)).isEqualTo(0x06);
  }

  @Test
  void namesEveryBitOfAFullHost() {
    assertThat(GpuBits.full(8)).isEqualTo(-1L);
    assertThat(GpuBits.full(4)).isEqualTo(0xFFFFFFFFL);
    assertThat(GpuBits.maskOf(0b101)).isEqualTo(0xFF00FFL);
  }
}
