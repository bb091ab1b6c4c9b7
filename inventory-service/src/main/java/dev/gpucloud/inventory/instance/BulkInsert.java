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
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Many rows in one statement: a column is an array, and {@code unnest} turns the arrays into rows.
 * The same columns serve inserts and updates by id. A statement names only the columns that it
 * needs: an insert leaves out what is null in all of its rows (such a column must have no default),
 * an update what differs in none.
 */
public final class BulkInsert<T> {
  private final String table;
  private final List<Column<T>> columns = new ArrayList<>();
  private final Map<BitSet, String> inserts = new ConcurrentHashMap<>();
  private final Map<BitSet, String> updates = new ConcurrentHashMap<>();

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
    Object[][] values = byColumn(rows);
    BitSet filled = filled(values);
    return c.preparedQuery(insert(filled)).execute(tuple(values, filled)).map(RowSet::rowCount);
  }

  /** Inserts what {@code conflict} lets through and answers the rows that went in. */
  public Uni<RowSet<Row>> execute(
      SqlConnection c, List<T> rows, String conflict, String returning) {
    Object[][] values = byColumn(rows);
    BitSet filled = filled(values);
    return c.preparedQuery(insert(filled) + " " + conflict + " returning " + returning)
        .execute(tuple(values, filled));
  }

  /** What {@code row} has in each column now, for a later update of what differs from it. */
  @Nullable Object[] values(T row) {
    @Nullable Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = columns.get(i).value().apply(row);
    }
    return values;
  }

  /**
   * Updates the rows with these ids, in all columns in which one of them differs from what {@link
   * #values} said of it before.
   */
  Uni<Integer> updateById(SqlConnection c, List<T> rows, Function<T, @Nullable Object[]> before) {
    if (rows.isEmpty()) {
      return Uni.createFrom().item(0);
    }
    Object[][] values = byColumn(rows);
    BitSet changed = changed(values, rows.stream().map(before).toList());
    return c.preparedQuery(update(changed)).execute(tuple(values, changed)).map(RowSet::rowCount);
  }

  private Object[][] byColumn(List<T> rows) {
    Object[][] values = new Object[columns.size()][];
    for (int i = 0; i < values.length; i++) {
      Column<T> column = columns.get(i);
      Object[] of = Arrays.copyOf(column.empty(), rows.size());
      for (int j = 0; j < of.length; j++) {
        of[j] = column.value().apply(rows.get(j));
      }
      values[i] = of;
    }
    return values;
  }

  private static BitSet filled(Object[][] values) {
    BitSet filled = new BitSet(values.length);
    for (int i = 0; i < values.length; i++) {
      filled.set(i, Arrays.stream(values[i]).anyMatch(Objects::nonNull));
    }
    return filled;
  }

  private BitSet changed(Object[][] values, List<@Nullable Object[]> before) {
    BitSet changed = new BitSet(values.length);
    for (int i = 0; i < values.length; i++) {
      changed.set(i, columns.get(i).name().equals("id") || differs(values[i], before, i));
    }
    return changed;
  }

  private static boolean differs(Object[] now, List<@Nullable Object[]> before, int column) {
    for (int j = 0; j < now.length; j++) {
      if (!Objects.equals(now[j], before.get(j)[column])) {
        return true;
      }
    }
    return false;
  }

  private String update(BitSet of) {
    return updates.computeIfAbsent(of, this::updateOf);
  }

  private String updateOf(BitSet of) {
    String set =
        chosen(of)
            .filter(column -> !column.name().equals("id"))
            .map(column -> column.name() + " = " + column.expression())
            .collect(Collectors.joining(", "));
    return "update %s t set %s from unnest(%s) as u(%s) where t.id = u.id"
        .formatted(table, set, arrays(of), names(of));
  }

  private String insert(BitSet of) {
    return inserts.computeIfAbsent(of, this::insertOf);
  }

  private String insertOf(BitSet of) {
    String into = "insert into %s (%s) select ".formatted(table, names(of));
    if (chosen(of).noneMatch(Column::isComputed)) {
      return into + "* from unnest(%s)".formatted(arrays(of));
    }
    String values = chosen(of).map(Column::expression).collect(Collectors.joining(", "));
    return into + "%s from unnest(%s) as u(%s)".formatted(values, arrays(of), names(of));
  }

  private Stream<Column<T>> chosen(BitSet of) {
    return of.stream().mapToObj(columns::get);
  }

  private String names(BitSet of) {
    return chosen(of).map(Column::name).collect(Collectors.joining(", "));
  }

  private String arrays(BitSet of) {
    List<Column<T>> chosen = chosen(of).toList();
    return IntStream.range(0, chosen.size())
        .mapToObj(i -> "$" + (i + 1) + "::" + chosen.get(i).type() + "[]")
        .collect(Collectors.joining(", "));
  }

  private static Tuple tuple(Object[][] values, BitSet of) {
    Tuple tuple = Tuple.tuple();
    of.stream().forEach(i -> tuple.addValue(values[i]));
    return tuple;
  }
}
