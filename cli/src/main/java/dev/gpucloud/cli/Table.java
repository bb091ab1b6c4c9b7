package dev.gpucloud.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Text columns that line up, wide (Korean) characters included; numbers stand to the right. A value
 * of several lines goes on below itself in the last column, and on one line elsewhere. On a
 * terminal that is too narrow, text goes on below itself in every column, and what still has no
 * room is left out from the right, except the first and the last column.
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

  /** What gives the last row's cell of a column a style. */
  Consumer<Terminal.Style> styling(int column) {
    return style -> style(column, style);
  }

  /** The table as lines, as wide as the terminal at most where that can be. */
  public String render(Terminal terminal) {
    List<Cell> headings = new ArrayList<>();
    for (Column column : columns) {
      headings.add(new Cell(terminal.text(column.heading()), Terminal.Style.BOLD));
    }
    boolean named = !columns.isEmpty() && columns.getFirst().heading().equals("FIELD");
    List<List<Cell>> lines = new ArrayList<>();
    rows.forEach(row -> lines.add(named ? translated(row, terminal) : row));
    lines.addFirst(headings);
    TableLayout layout =
        TableLayout.of(
            columns.stream().map(Column::right).toList(),
            lines.stream().map(row -> row.stream().map(Cell::text).toList()).toList(),
            terminal.width());
    StringBuilder text = new StringBuilder();
    lines.forEach(row -> appendRow(text, row, layout, terminal));
    if (!layout.leftOut().isEmpty()) {
      String names =
          layout.leftOut().stream()
              .map(column -> headings.get(column).text())
              .collect(Collectors.joining(", "));
      String note = terminal.text("No room for: %s (-o json has everything)").formatted(names);
      text.append(terminal.styled(Terminal.Style.DIM, note)).append('\n');
    }
    return text.toString();
  }

  /** A row whose first value is the name of a field, which people read in their language. */
  private static List<Cell> translated(List<Cell> row, Terminal terminal) {
    List<Cell> said = new ArrayList<>(row);
    said.set(0, new Cell(terminal.text(row.getFirst().text()), row.getFirst().style()));
    return said;
  }

  private void appendRow(
      StringBuilder text, List<Cell> row, TableLayout layout, Terminal terminal) {
    List<List<String>> wrapped =
        layout.shown().stream().map(c -> layout.lines(c, row.get(c).text())).toList();
    int height = wrapped.stream().mapToInt(List::size).max().orElse(0);
    for (int line = 0; line < height; line++) {
      StringBuilder cells = new StringBuilder();
      for (int at = 0; at < wrapped.size(); at++) {
        int column = layout.shown().get(at);
        boolean last = at == wrapped.size() - 1;
        String part = line < wrapped.get(at).size() ? wrapped.get(at).get(line) : "";
        boolean right = columns.get(column).right();
        String gap = " ".repeat(Math.max(0, layout.width(column) - TextWidth.of(part)));
        Terminal.Style style = row.get(column).style();
        String shown = style == null ? part : terminal.styled(style, part);
        cells.append(right ? gap + shown : last ? shown : shown + gap).append(last ? "" : "  ");
      }
      text.append(line == 0 ? cells : cells.toString().stripTrailing()).append('\n');
    }
  }

  @Override
  public String toString() {
    return columns.stream().map(Column::heading).collect(Collectors.joining(" "));
  }

  private record Column(String heading, boolean right) {}

  private record Cell(String text, Terminal.@Nullable Style style) {}
}
