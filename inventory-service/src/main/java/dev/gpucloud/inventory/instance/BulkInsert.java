package dev.gpucloud.inventory.instance;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Many rows in one statement: a column is an array, and {@code unnest} turns the arrays into rows.
 * The same columns serve inserts and updates by id.
 */
public final class BulkInsert<T> {
  private final String table;
  private final List<Column<T>> columns = new ArrayList<>();
  private @Nullable String insert;
  private @Nullable String update;

  private BulkInsert(String table) {
    this.table = table;
  }

  private record Column<T>(
      String name,
      String type,
      String expression,
      Object[] empty,
      Function<T, @Nullable Object> value) {
    boolean isComputed() {
      return !expression.equals("u." + name);
    }
  }

  public static <T> BulkInsert<T> into(String table) {
    return new BulkInsert<>(table);
  }

  private BulkInsert<T> add(
      String name, String type, Object[] empty, Function<T, @Nullable Object> value) {
    columns.add(new Column<>(name, type, "u." + name, empty, value));
    return this;
  }

  /** Sent as text and made a value by an SQL expression over {@code %s}. */
  public BulkInsert<T> textAs(String name, String expression, Function<T, @Nullable String> value) {
    columns.add(
        new Column<>(name, "text", expression.formatted("u." + name), new String[0], value::apply));
    return this;
  }

  public BulkInsert<T> uuid(String name, Function<T, @Nullable UUID> value) {
    return add(name, "uuid", new UUID[0], value::apply);
  }

  public BulkInsert<T> text(String name, Function<T, @Nullable String> value) {
    return add(name, "text", new String[0], value::apply);
  }

  public BulkInsert<T> integer(String name, Function<T, @Nullable Integer> value) {
    return add(name, "int", new Integer[0], value::apply);
  }

  public BulkInsert<T> number(String name, Function<T, @Nullable Long> value) {
    return add(name, "bigint", new Long[0], value::apply);
  }

  public BulkInsert<T> flag(String name, Function<T, @Nullable Boolean> value) {
    return add(name, "boolean", new Boolean[0], value::apply);
  }

  public BulkInsert<T> time(String name, Function<T, @Nullable Instant> value) {
    return add(
        name,
        "timestamptz",
        new OffsetDateTime[0],
        row -> {
          Instant at = value.apply(row);
          return at == null ? null : at.atOffset(ZoneOffset.UTC);
        });
  }

  /** Inserts all rows; nothing is sent when there are none. */
  public Uni<Integer> execute(SqlConnection c, List<T> rows) {
    if (rows.isEmpty()) {
      return Uni.createFrom().item(0);
    }
    return c.preparedQuery(insert()).execute(tuple(rows)).map(RowSet::rowCount);
  }

  /** Inserts what {@code conflict} lets through and answers the rows that went in. */
  public Uni<RowSet<Row>> execute(
      SqlConnection c, List<T> rows, String conflict, String returning) {
    return c.preparedQuery(insert() + " " + conflict + " returning " + returning)
        .execute(tuple(rows));
  }

  /** Updates all columns but {@code id} of the rows with these ids. */
  public Uni<Integer> updateById(SqlConnection c, List<T> rows) {
    if (rows.isEmpty()) {
      return Uni.createFrom().item(0);
    }
    return c.preparedQuery(update()).execute(tuple(rows)).map(RowSet::rowCount);
  }

  private String update() {
    if (update == null) {
      String set =
          columns.stream()
              .filter(column -> !column.name().equals("id"))
              .map(column -> column.name() + " = " + column.expression())
              .collect(Collectors.joining(", "));
      update =
          "update %s t set %s from unnest(%s) as u(%s) where t.id = u.id"
              .formatted(table, set, arrays(), names());
    }
    return update;
  }

  private String insert() {
    if (insert == null) {
      insert = insertOf();
    }
    return insert;
  }

  private String insertOf() {
    String into = "insert into %s (%s) select ".formatted(table, names());
    if (columns.stream().noneMatch(Column::isComputed)) {
      return into + "* from unnest(%s)".formatted(arrays());
    }
    String values = columns.stream().map(Column::expression).collect(Collectors.joining(", "));
    return into + "%s from unnest(%s) as u(%s)".formatted(values, arrays(), names());
  }

  private String names() {
    return columns.stream().map(Column::name).collect(Collectors.joining(", "));
  }

  private String arrays() {
    return IntStream.range(0, columns.size())
        .mapToObj(i -> "$" + (i + 1) + "::" + columns.get(i).type() + "[]")
        .collect(Collectors.joining(", "));
  }

  private Tuple tuple(List<T> rows) {
    Tuple tuple = Tuple.tuple();
    for (Column<T> column : columns) {
      tuple.addValue(rows.stream().map(column.value()).toList().toArray(column.empty()));
    }
    return tuple;
  }
}
