package dev.gpucloud.billing.document.pdf;

import java.awt.Color;
import java.io.IOException;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDPageContentStream.AppendMode;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.jspecify.annotations.Nullable;

/** Pages that are written from the top down; {@code y} is how far it got. Lengths are points. */
final class Sheet implements AutoCloseable {
  static final float LEFT = 45;
  static final float RIGHT = PDRectangle.A4.getWidth() - LEFT;
  static final float WIDTH = RIGHT - LEFT;
  static final float BOTTOM = 62;
  static final Color INK = new Color(0x1B2A41);
  static final Color ACCENT = new Color(0x0F6E84);
  static final Color GREY = new Color(0x667085);
  static final Color PALE = new Color(0xF2F5F8);
  static final Color RULE = new Color(0xD3D9E0);

  private static final float TOP = PDRectangle.A4.getHeight() - 48;
  private static final float FOOT = 36;
  private static final float FOOT_SIZE = 7.5f;

  private final PDDocument document;
  private final Typeface regular;
  private final Typeface bold;
  private @Nullable PDPageContentStream out;
  private float y;

  Sheet(PDDocument document) throws IOException {
    this.document = document;
    this.regular = new Typeface(document, FontFile.REGULAR);
    this.bold = new Typeface(document, FontFile.BOLD);
    newPage();
  }

  /** How text looks. */
  record Style(boolean isBold, float size, Color color) {
    static Style plain(float size) {
      return new Style(false, size, INK);
    }

    static Style bold(float size) {
      return new Style(true, size, INK);
    }

    static Style grey(float size) {
      return new Style(false, size, GREY);
    }

    Style in(Color other) {
      return new Style(isBold, size, other);
    }

    Style at(float other) {
      return new Style(isBold, other, color);
    }
  }

  Typeface face(Style style) {
    return style.isBold() ? bold : regular;
  }

  void newPage() throws IOException {
    closePage();
    var page = new PDPage(PDRectangle.A4);
    document.addPage(page);
    out = new PDPageContentStream(document, page, AppendMode.OVERWRITE, true);
    y = TOP;
  }

  private void closePage() throws IOException {
    if (out != null) {
      out.close();
      out = null;
    }
  }

  float y() {
    return y;
  }

  void moveTo(float newY) {
    y = newY;
  }

  void down(float by) {
    y -= by;
  }

  boolean has(float height) {
    return y - height >= BOTTOM;
  }

  /** Starts a page if less than this is left. */
  void need(float height) throws IOException {
    if (!has(height)) {
      newPage();
    }
  }

  void text(float x, float baseline, Style style, String raw) throws IOException {
    String text = face(style).printable(raw);
    PDPageContentStream stream = stream();
    stream.beginText();
    stream.setFont(face(style).embedded(), style.size());
    stream.setNonStrokingColor(style.color());
    stream.newLineAtOffset(x, baseline);
    stream.showText(text);
    stream.endText();
  }

  /** Text that ends at {@code x}, made smaller if it is wider than {@code width}. */
  void right(float x, float baseline, Style style, String raw, float width) throws IOException {
    Typeface face = face(style);
    String text = face.printable(raw);
    float size = face.sizeFitting(text, style.size(), width);
    text(x - face.width(text, size), baseline, style.at(size), text);
  }

  /** Text made smaller if it is wider than {@code width}. */
  void left(float x, float baseline, Style style, String raw, float width) throws IOException {
    Typeface face = face(style);
    String text = face.printable(raw);
    text(x, baseline, style.at(face.sizeFitting(text, style.size(), width)), text);
  }

  /** Lines one below the other, the first at {@code baseline}. */
  void lines(float x, float baseline, Style style, List<String> lines, float leading)
      throws IOException {
    float at = baseline;
    for (String line : lines) {
      text(x, at, style, line);
      at -= leading;
    }
  }

  void fill(float x, float bottom, float width, float height, Color color) throws IOException {
    PDPageContentStream stream = stream();
    stream.setNonStrokingColor(color);
    stream.addRect(x, bottom, width, height);
    stream.fill();
  }

  void rule(float x, float atY, float width, float thickness, Color color) throws IOException {
    fill(x, atY - thickness / 2, width, thickness, color);
  }

  private PDPageContentStream stream() {
    if (out == null) {
      throw new IllegalStateException("no page is open");
    }
    return out;
  }

  /** Puts the foot under every page: what it is, and which page of how many. */
  void foot(String what) throws IOException {
    closePage();
    int pages = document.getNumberOfPages();
    for (int i = 0; i < pages; i++) {
      out = new PDPageContentStream(document, document.getPage(i), AppendMode.APPEND, true);
      rule(LEFT, FOOT + 13, WIDTH, 0.5f, RULE);
      left(LEFT, FOOT, Style.grey(FOOT_SIZE), what, WIDTH - 60);
      right(RIGHT, FOOT, Style.grey(FOOT_SIZE), (i + 1) + " / " + pages, 60);
      closePage();
    }
  }

  @Override
  public void close() throws IOException {
    closePage();
    regular.close();
    bold.close();
  }
}
