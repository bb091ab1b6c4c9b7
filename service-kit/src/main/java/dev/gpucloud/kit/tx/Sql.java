package dev.gpucloud.kit.tx;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.sqlclient.data.Numeric;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.hibernate.reactive.mutiny.impl.MutinySessionImpl;
import org.hibernate.reactive.pool.ReactiveConnection;
import org.jspecify.annotations.Nullable;

/**
 * Native SQL on a session, for statements that have no entity. Parameters are {@code ?1 ?2 ...}. A
 * null is bound as text, so a parameter that may be null is written {@code cast(cast(?1 as text) as
 * uuid)}; so is JSON: {@code cast(cast(?1 as text) as jsonb)}.
 */
public final class Sql {
  private Sql() {}

  /** Runs a statement and answers the number of rows it changed. */
  public static Uni<Integer> update(Mutiny.Session s, String sql, @Nullable Object... params) {
    return bind(s.createNativeQuery(sql), params).executeUpdate();
  }

  /**
   * All rows, each an array of columns, also when there is but one column. What the session has not
   * written yet is not seen: flush it before. Columns are of the types that their database types
   * stand for: {@code timestamptz} is an {@code Instant}, {@code numeric} a {@code BigDecimal},
   * {@code bytea} bytes, JSON text.
   *
   * <p>Asked of the session's connection itself: a native select of Hibernate Reactive 3.1 leaves a
   * plan in a cache that never finds it again, of one hash with all others.
   */
  public static Uni<List<Object[]>> rows(Mutiny.Session s, String sql, @Nullable Object... params) {
    ReactiveConnection connection = ((MutinySessionImpl) s).getReactiveConnection();
    Object[] values = Arrays.stream(params).map(Sql::parameter).toArray();
    return Uni.createFrom()
        .completionStage(() -> connection.select(numbered(sql), values))
        .map(Sql::columns);
  }

  /** Parameters as PostgreSQL numbers them. */
  private static String numbered(String sql) {
    var numbered = new StringBuilder(sql);
    for (int i = numbered.indexOf("?"); i >= 0; i = numbered.indexOf("?", i + 1)) {
      if (i + 1 < numbered.length() && Character.isDigit(numbered.charAt(i + 1))) {
        numbered.setCharAt(i, '$');
      }
    }
    return numbered.toString();
  }

  private static List<Object[]> columns(ReactiveConnection.Result result) {
    List<Object[]> rows = new ArrayList<>(result.size());
    while (result.hasNext()) {
      Object[] row = result.next();
      for (int i = 0; i < row.length; i++) {
        row[i] = column(row[i]);
      }
      rows.add(row);
    }
    return rows;
  }

  static Uni<RowSet<Row>> run(SqlConnection c, String sql, @Nullable Object... params) {
    Tuple values = Tuple.tuple();
    Arrays.stream(params).map(Sql::parameter).forEach(values::addValue);
    return c.preparedQuery(numbered(sql)).execute(values);
  }

  static List<Object[]> columns(RowSet<Row> result) {
    List<Object[]> rows = new ArrayList<>(result.size());
    for (Row row : result) {
      var columns = new Object[row.size()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = column(row.getValue(i));
      }
      rows.add(columns);
    }
    return rows;
  }

  private static @Nullable Object parameter(@Nullable Object value) {
    return switch (value) {
      case Instant at -> at.atOffset(ZoneOffset.UTC);
      case byte[] bytes -> Buffer.buffer(bytes);
      case null, default -> value;
    };
  }

  private static @Nullable Object column(@Nullable Object value) {
    return switch (value) {
      case OffsetDateTime at -> at.toInstant();
      case Numeric number -> number.bigDecimalValue();
      case Buffer bytes -> bytes.getBytes();
      case JsonObject json -> json.encode();
      case JsonArray json -> json.encode();
      case null, default -> value;
    };
  }

  private static Mutiny.Query<?> bind(Mutiny.Query<?> query, @Nullable Object... params) {
    Mutiny.Query<?> bound = query;
    for (int i = 0; i < params.length; i++) {
      Object value = params[i];
      bound =
          value == null
              ? bound.setParameter(i + 1, (String) null)
              : bound.setParameter(i + 1, value);
    }
    return bound;
  }
}
