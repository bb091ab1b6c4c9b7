package dev.gpucloud.billing.document.pdf;

import dev.gpucloud.billing.document.pdf.Sheet.Style;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A table that goes on over pages and repeats its head on each. */
final class Table {
  private static final float PAD = 4;
  private static final float LEADING = 1.35f;

  private final Sheet sheet;
  private final List<Column> columns;
  private final float size;

  /** A column; numbers stand right and shrink to fit, text stands left and wraps. */
  record Column(String head, float width, boolean isNumber) {}

  /** What stands in a cell: a text, and smaller and grey below it another one. */
  record Cell(String text, String below) {
    static Cell of(String text) {
      return new Cell(text, "");
    }
  }

  Table(Sheet sheet, List<Column> columns, float size) {
    this.sheet = sheet;
    this.columns = List.copyOf(columns);
    this.size = size;
  }

  void head() throws IOException {
    float height = size * 2.3f;
    sheet.need(height * 3);
    sheet.fill(Sheet.LEFT, sheet.y() - height, Sheet.WIDTH, height, Sheet.PALE);
    float baseline = sheet.y() - height / 2 - size * 0.36f;
    float x = Sheet.LEFT;
    Style style = Style.bold(size).in(Sheet.GREY);
    for (Column column : columns) {
      place(column, x, baseline, style, column.head());
      x += column.width();
    }
    sheet.down(height);
  }

  private void place(Column column, float x, float baseline, Style style, String text)
      throws IOException {
    float room = column.width() - 2 * PAD;
    if (column.isNumber()) {
      sheet.right(x + column.width() - PAD, baseline, style, text, room);
    } else {
      sheet.left(x + PAD, baseline, style, text, room);
    }
  }

  /** A band over the whole width, with a number at its right end; it stays with what follows. */
  void band(String text, String number) throws IOException {
    float height = size * 2.2f;
    if (!sheet.has(height * 3)) {
      sheet.newPage();
      head();
    }
    float baseline = sheet.y() - height + size * 0.6f;
    Style style = Style.bold(size).in(Sheet.ACCENT);
    List<String> fitted = sheet.face(style).wrap(text, size, Sheet.WIDTH - 150, 1);
    sheet.text(Sheet.LEFT + PAD, baseline, style, fitted.getFirst());
    sheet.right(Sheet.RIGHT - PAD, baseline, style, number, 130);
    sheet.down(height);
    sheet.rule(Sheet.LEFT, sheet.y(), Sheet.WIDTH, 0.8f, Sheet.ACCENT);
  }

  void row(Style style, List<Cell> cells) throws IOException {
    Style text = style.at(size);
    Style small = Style.grey(size * 0.84f);
    List<List<String>> wrapped = new ArrayList<>();
    float height = 0;
    for (int i = 0; i < cells.size(); i++) {
      Column column = columns.get(i);
      List<String> lines =
          column.isNumber()
              ? List.of(cells.get(i).text())
              : sheet.face(text).wrap(cells.get(i).text(), size, column.width() - 2 * PAD, 3);
      wrapped.add(lines);
      float below = cells.get(i).below().isEmpty() ? 0 : small.size() * LEADING;
      height = Math.max(height, lines.size() * size * LEADING + below);
    }
    height += size * 0.75f;
    if (!sheet.has(height)) {
      sheet.newPage();
      head();
    }
    write(text, small, cells, wrapped);
    sheet.down(height);
    sheet.rule(Sheet.LEFT, sheet.y(), Sheet.WIDTH, 0.4f, Sheet.RULE);
  }

  private void write(Style text, Style small, List<Cell> cells, List<List<String>> wrapped)
      throws IOException {
    float x = Sheet.LEFT;
    for (int i = 0; i < cells.size(); i++) {
      Column column = columns.get(i);
      float baseline = sheet.y() - size * 1.25f;
      for (String line : wrapped.get(i)) {
        place(column, x, baseline, text, line);
        baseline -= size * LEADING;
      }
      if (!cells.get(i).below().isEmpty()) {
        place(column, x, baseline + (size - small.size()) * 0.4f, small, cells.get(i).below());
      }
      x += column.width();
    }
  }
}
