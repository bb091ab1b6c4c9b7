package dev.gpucloud.kit.tx;

import io.smallrye.mutiny.Uni;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
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

  /** All rows, each an array of columns, also when there is but one column. */
  public static Uni<List<Object[]>> rows(Mutiny.Session s, String sql, @Nullable Object... params) {
    return bind(s.createNativeQuery(sql), params).getResultList().map(Sql::columns);
  }

  private static List<Object[]> columns(List<?> rows) {
    return rows.stream()
        .map(row -> row instanceof Object[] columns ? columns : new Object[] {row})
        .toList();
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
