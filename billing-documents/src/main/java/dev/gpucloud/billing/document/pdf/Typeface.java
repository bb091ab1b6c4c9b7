package dev.gpucloud.billing.document.pdf;

import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;

/** One weight of the font in one document: only the glyphs that were used end up in it. */
final class Typeface implements AutoCloseable {
  private static final String ELLIPSIS = "…";

  private final FontFile file;
  private final TrueTypeFont font;
  private final PDFont embedded;

  Typeface(PDDocument document, FontFile file) throws IOException {
    this.file = file;
    this.font = file.borrow();
    this.embedded = PDType0Font.load(document, font, true);
  }

  PDFont embedded() {
    return embedded;
  }

  /** Text that can be printed: composed, on one line, and with a mark where a glyph is missing. */
  String printable(String text) {
    String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
    var out = new StringBuilder(composed.length());
    composed
        .codePoints()
        .map(c -> Character.isISOControl(c) || Character.isSpaceChar(c) ? ' ' : c)
        .map(c -> file.width(font, c) < 0 ? FontFile.MISSING : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  /** Width of printable text. */
  float width(String text, float size) {
    float sum = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      sum += Math.max(0, file.width(font, text.codePointAt(i)));
    }
    return sum * size;
  }

  /** The lines of a paragraph: broken at spaces, inside a word only if it is too long by itself. */
  List<String> wrap(String raw, float size, float width, int mostLines) {
    var lines = new ArrayList<String>();
    String rest = printable(raw).strip();
    while (!rest.isEmpty() && lines.size() < mostLines) {
      int fits = fitting(rest, size, width);
      if (fits < rest.length()) {
        if (lines.size() == mostLines - 1) {
          return append(lines, cut(rest, size, width));
        }
        int space = rest.lastIndexOf(' ', fits);
        fits = space > 0 ? space : fits;
      }
      lines.add(rest.substring(0, fits).strip());
      rest = rest.substring(fits).strip();
    }
    return lines.isEmpty() ? List.of("") : List.copyOf(lines);
  }

  private static List<String> append(List<String> lines, String last) {
    lines.add(last);
    return List.copyOf(lines);
  }

  private String cut(String text, float size, float width) {
    int fits = fitting(text, size, width - width(ELLIPSIS, size));
    return text.substring(0, fits).strip() + ELLIPSIS;
  }

  /** How many chars of the text fit; at least one character. */
  private int fitting(String text, float size, float width) {
    float sum = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      sum += Math.max(0, file.width(font, c)) * size;
      if (sum > width && i > 0) {
        return i;
      }
      i += Character.charCount(c);
    }
    return text.length();
  }

  /** The size at which printable text fits, at most the one that is wanted. */
  float sizeFitting(String text, float wanted, float width) {
    float needed = width(text, wanted);
    return needed <= width ? wanted : wanted * width / needed;
  }

  @Override
  public void close() {
    file.giveBack(font);
  }
}
