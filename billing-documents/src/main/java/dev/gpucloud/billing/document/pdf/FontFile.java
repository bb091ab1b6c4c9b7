package dev.gpucloud.billing.document.pdf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/**
 * A font of the layout. Parsed fonts are not safe for two threads and cost milliseconds, so that
 * each document borrows one and gives it back; widths are the same for all and kept.
 */
enum FontFile {
  REGULAR("Pretendard-Regular.ttf"),
  BOLD("Pretendard-SemiBold.ttf");

  /** Stands for what the font has no glyph for. */
  static final int MISSING = '□';

  private static final int MOST_KEPT = 16;
  private static final float UNITS = 1000f;

  private final byte[] bytes;
  private final ConcurrentLinkedQueue<TrueTypeFont> idle = new ConcurrentLinkedQueue<>();
  private final Map<Integer, Float> widths = new ConcurrentHashMap<>();

  FontFile(String file) {
    try (InputStream in = FontFile.class.getResourceAsStream(file)) {
      this.bytes = Objects.requireNonNull(in, file).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TrueTypeFont borrow() throws IOException {
    TrueTypeFont kept = idle.poll();
    if (kept != null) {
      return kept;
    }
    TrueTypeFont font = new TTFParser().parse(new RandomAccessReadBuffer(bytes));
    font.setEnableGsub(false);
    return font;
  }

  void giveBack(TrueTypeFont font) {
    if (idle.size() < MOST_KEPT) {
      idle.add(font);
    }
  }

  /** Width of a character at size 1, negative when there is no glyph for it. */
  float width(TrueTypeFont font, int character) {
    return widths.computeIfAbsent(character, c -> measure(font, c));
  }

  private static float measure(TrueTypeFont font, int character) {
    try {
      CmapLookup map = font.getUnicodeCmapLookup();
      int glyph = map.getGlyphId(character);
      return glyph == 0 ? -1 : font.getAdvanceWidth(glyph) * (UNITS / font.getUnitsPerEm()) / UNITS;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
