package dev.gpucloud.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Text columns that line up, wide (Korean) characters included; numbers stand to the right. A value
 * of several lines goes on below itself in the last column, and on one line elsewhere.
 */
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
    for (int i = 0; i < values.length; i++) {
      row.add(new Cell(harmless(values[i], i == values.length - 1), null));
    }
    rows.add(row);
    return this;
  }

  /** Somebody else's text moves no cursor: what is no character to be seen becomes a space. */
  private static String harmless(String value, boolean mayHaveLines) {
    String lines = value.strip().replace("\r\n", "\n");
    return lines
        .codePoints()
        .map(c -> Character.isISOControl(c) && !(mayHaveLines && c == '\n') ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
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
    int indent = 0;
    for (int i = 0; i < last; i++) {
      int width = widthOf(i, terminal);
      appendCell(text, i, cells.get(i), width, terminal);
      text.append("  ");
      indent += width + 2;
    }
    for (String line : cells.get(last).text().split("\n")) {
      Cell cell = new Cell(line, cells.get(last).style());
      appendCell(
          text, last, cell, columns.get(last).right() ? widthOf(last, terminal) : 0, terminal);
      text.append("\n").append(" ".repeat(indent));
    }
    text.setLength(text.length() - indent);
  }

  private void appendCell(StringBuilder text, int column, Cell cell, int width, Terminal terminal) {
    String gap = " ".repeat(Math.max(0, width - TextWidth.of(cell.text())));
    String shown = cell.style() == null ? cell.text() : terminal.styled(cell.style(), cell.text());
    text.append(columns.get(column).right() ? gap + shown : shown + gap);
  }

  private int widthOf(int column, Terminal terminal) {
    int width = TextWidth.of(terminal.text(columns.get(column).heading()));
    for (List<Cell> row : rows) {
      for (String line : row.get(column).text().split("\n")) {
        width = Math.max(width, TextWidth.of(line));
      }
    }
    return width;
  }

  @Override
  public String toString() {
    return columns.stream().map(Column::heading).collect(Collectors.joining(" "));
  }

  private record Column(String heading, boolean right) {}

  private record Cell(String text, Terminal.@Nullable Style style) {}
}
