package dev.gpucloud.kit.tx;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Where statements run that are written as {@link Sql} wants them: in a session's transaction or in
 * one of the raw client, for whoever is called from both.
 */
public interface Statements {
  /** As {@link Sql#rows}. */
  Uni<List<Object[]>> rows(String sql, @Nullable Object... params);

  /** As {@link Sql#update}. */
  Uni<Integer> update(String sql, @Nullable Object... params);

  /** In a session. */
  static Statements of(Mutiny.Session s) {
    return new Statements() {
      @Override
      public Uni<List<Object[]>> rows(String sql, @Nullable Object... params) {
        return Sql.rows(s, sql, params);
      }

      @Override
      public Uni<Integer> update(String sql, @Nullable Object... params) {
        return Sql.update(s, sql, params);
      }
    };
  }

  /** On the raw client; what is not waited for is sent at once, in order. */
  static Statements of(SqlConnection c) {
    return new Statements() {
      @Override
      public Uni<List<Object[]>> rows(String sql, @Nullable Object... params) {
        return Sql.run(c, sql, params).map(Sql::columns);
      }

      @Override
      public Uni<Integer> update(String sql, @Nullable Object... params) {
        return Sql.run(c, sql, params).map(rows -> rows.rowCount());
      }
    };
  }
}
