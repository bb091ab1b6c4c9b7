package dev.gpucloud.billing.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Native reads as {@link Row}s, and many rows written by one statement. */
@ApplicationScoped
public class Rows {
  private final ObjectMapper json;

  Rows(ObjectMapper json) {
    this.json = json;
  }

  /** All rows of a query. */
  public static Uni<List<Row>> select(Mutiny.Session s, String sql, @Nullable Object... params) {
    return Sql.rows(s, sql, params).map(rows -> rows.stream().map(Rows::row).toList());
  }

  /** A query of one column answers bare values, not arrays. */
  private static Row row(Object columns) {
    return new Row(columns instanceof Object[] many ? many : new Object[] {columns});
  }

  /**
   * Runs a statement over {@code jsonb_to_recordset(cast(cast(?1 as text) as jsonb))}: each record
   * is one row, its component names in snake case are the columns.
   */
  public Uni<Void> writeAll(Mutiny.Session s, String sql, Collection<?> records) {
    if (records.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return Sql.update(s, sql, text(records)).replaceWithVoid();
  }

  /** Records as the parameter of a statement over {@code jsonb_to_recordset}. */
  public String text(Collection<?> value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An instant as a parameter. */
  public static OffsetDateTime param(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  /** Ids as one text parameter for {@code any(cast(string_to_array(?1, ',') as uuid[]))}. */
  public static String param(Collection<UUID> ids) {
    return ids.stream().map(UUID::toString).collect(Collectors.joining(","));
  }
}
