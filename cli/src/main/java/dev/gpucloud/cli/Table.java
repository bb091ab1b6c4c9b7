package dev.gpucloud.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Text columns that line up, wide (Korean) characters included; numbers stand to the right. */
public final class Table {
  private final List<Column> columns = new ArrayList<>();
  private final List<List<Cell>> rows = new ArrayList<>();

  /** Adds a column of text. */
  public Table left(String heading) {
    columns.add(new Column(heading, false));
    return this;
  }

  /** Adds a column of numbers. */
  public Table right(String heading) {
    columns.add(new Column(heading, true));
    return this;
  }

  /** Adds a row, one value per column. */
  public Table row(String... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(values.length + " values for " + columns.size());
    }
    List<Cell> row = new ArrayList<>();
    for (String value : values) {
      row.add(new Cell(value, null));
    }
    rows.add(row);
    return this;
  }

  /** Gives the last row's cell of a column a style. */
  public Table style(int column, Terminal.Style style) {
    List<Cell> row = rows.getLast();
    row.set(column, new Cell(row.get(column).text(), style));
    return this;
  }

  /** The table as lines. */
  public String render(Terminal terminal) {
    StringBuilder text = new StringBuilder();
    List<Cell> headings = new ArrayList<>();
    for (Column column : columns) {
      headings.add(new Cell(terminal.text(column.heading()), Terminal.Style.BOLD));
    }
    appendLine(text, headings, terminal);
    rows.forEach(row -> appendLine(text, row, terminal));
    return text.toString();
  }

  private void appendLine(StringBuilder text, List<Cell> cells, Terminal terminal) {
    int last = columns.size() - 1;
    for (int i = 0; i <= last; i++) {
      Cell cell = cells.get(i);
      String gap = " ".repeat(widthOf(i, terminal) - displayWidth(cell.text()));
      String shown =
          cell.style() == null ? cell.text() : terminal.styled(cell.style(), cell.text());
      if (columns.get(i).right()) {
        text.append(gap).append(shown);
      } else {
        text.append(shown).append(i == last ? "" : gap);
      }
      text.append(i == last ? "\n" : "  ");
    }
  }

  private int widthOf(int column, Terminal terminal) {
    int width = displayWidth(terminal.text(columns.get(column).heading()));
    for (List<Cell> row : rows) {
      width = Math.max(width, displayWidth(row.get(column).text()));
    }
    return width;
  }

  /** Cells a terminal needs for the text: East Asian wide characters take two. */
  static int displayWidth(String text) {
    return text.codePoints().map(Table::cellsOf).sum();
  }

  private static int cellsOf(int codePoint) {
    boolean wide =
        (codePoint >= 0x1100 && codePoint <= 0x115f)
            || (codePoint >= 0x2e80 && codePoint <= 0xa4cf)
            || (codePoint >= 0xac00 && codePoint <= 0xd7a3)
            || (codePoint >= 0xf900 && codePoint <= 0xfaff)
            || (codePoint >= 0xfe30 && codePoint <= 0xfe6f)
            || (codePoint >= 0xff00 && codePoint <= 0xff60)
            || (codePoint >= 0xffe0 && codePoint <= 0xffe6)
            || (codePoint >= 0x1f300 && codePoint <= 0x1faff);
    return wide ? 2 : Character.getType(codePoint) == Character.NON_SPACING_MARK ? 0 : 1;
  }

  @Override
  public String toString() {
    return columns.stream().map(Column::heading).collect(Collectors.joining(" "));
  }

  private record Column(String heading, boolean right) {}

  private record Cell(String text, Terminal.@org.jspecify.annotations.Nullable Style style) {}
}
