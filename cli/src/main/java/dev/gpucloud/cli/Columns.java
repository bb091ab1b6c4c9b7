package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Which fields of a row a table shows, in which order and how. */
final class Columns {
  private static final String STATE = "STATE";

  private final List<Column> columns = new ArrayList<>();

  private record Column(String heading, boolean right, Function<JsonNode, String> shown) {}

  /** The first of the fields that has a value, as it is. */
  Columns text(String heading, String... paths) {
    return left(heading, row -> Fields.first(row, paths));
  }

  /** Text that the row's fields make together. */
  Columns left(String heading, Function<JsonNode, String> shown) {
    columns.add(new Column(heading, false, shown));
    return this;
  }

  /** A time as Seoul's clock has it. */
  Columns time(String heading, String path) {
    return left(heading, row -> Fields.seoulTime(row, path));
  }

  /** A number, thousands separated. */
  Columns number(String heading, String path) {
    return right(heading, row -> Fields.grouped(Fields.text(row, path)));
  }

  /** A number that the row's fields make together. */
  Columns right(String heading, Function<JsonNode, String> shown) {
    columns.add(new Column(heading, true, shown));
    return this;
  }

  /** Won, thousands separated. */
  Columns won(String heading, String path) {
    columns.add(new Column(heading, true, row -> Fields.won(row, path)));
    return this;
  }

  /** A table of all rows. */
  String table(Iterable<JsonNode> rows, Terminal terminal) {
    Table table = new Table();
    for (Column column : columns) {
      if (column.right()) {
        table.right(column.heading());
      } else {
        table.left(column.heading());
      }
    }
    for (JsonNode row : rows) {
      String[] values = columns.stream().map(c -> c.shown().apply(row)).toArray(String[]::new);
      table.row(values);
      for (int i = 0; i < values.length; i++) {
        if (columns.get(i).heading().equals(STATE)) {
          StateColour.of(values[i]).ifPresent(table.styling(i));
        }
      }
    }
    return table.render(terminal);
  }

  /** A table of one row. */
  String one(JsonNode row, Terminal terminal) {
    return table(List.of(row), terminal);
  }
}
