package dev.gpucloud.kit.outbox;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * Text in a tenth of its bytes: what a batch tells repeats itself. Its length in UTF-8, then an LZ4
 * block; by the implementation that is Java alone, which needs no native library and is no slower
 * than the one that goes around the bounds checks.
 */
final class Packed {
  private static final LZ4Compressor COMPRESSOR = LZ4Factory.safeInstance().fastCompressor();
  private static final LZ4SafeDecompressor DECOMPRESSOR =
      LZ4Factory.safeInstance().safeDecompressor();

  private Packed() {}

  static byte[] pack(byte[] utf8) {
    byte[] packed = new byte[Integer.BYTES + COMPRESSOR.maxCompressedLength(utf8.length)];
    ByteBuffer.wrap(packed).putInt(utf8.length);
    int length = COMPRESSOR.compress(utf8, 0, utf8.length, packed, Integer.BYTES);
    return Arrays.copyOf(packed, Integer.BYTES + length);
  }

  /** The text that was packed; fails on anything else. */
  static String unpack(byte[] packed) {
    byte[] utf8 = new byte[ByteBuffer.wrap(packed).getInt()];
    int length =
        DECOMPRESSOR.decompress(packed, Integer.BYTES, packed.length - Integer.BYTES, utf8, 0);
    if (length != utf8.length) {
      throw new IllegalStateException("a packed text lacks " + (utf8.length - length) + " bytes");
    }
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
