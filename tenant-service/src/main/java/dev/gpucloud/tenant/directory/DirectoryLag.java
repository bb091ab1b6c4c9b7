package dev.gpucloud.tenant.directory;

import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * What the identity provider lacks now, apart from what is only compared again.
 *
 * @param pending changes that are not there yet
 * @param refused those of them that were refused at the last try
 * @param since when the oldest of them was made
 * @param age how long ago that is by the database's clock
 * @param checks entries that were in step and are compared again at their time
 * @param checksDue those of them whose time has come
 */
record DirectoryLag(
    long pending,
    long refused,
    @Nullable Instant since,
    Duration age,
    long checks,
    long checksDue) {
  private static final String LAG =
      """
      select count(*) filter (where not checking),
        count(*) filter (where problem is not null),
        min(changed_at) filter (where not checking),
        coalesce(cast(extract(epoch from now() - min(changed_at) filter (where not checking))
          as bigint), 0),
        count(*) filter (where checking), count(*) filter (where checking and due_at <= now())
      from directory_entry where done < wanted""";

  static Uni<DirectoryLag> read(Mutiny.Session s) {
    return Sql.rows(s, LAG).map(rows -> of(rows.getFirst()));
  }

  private static DirectoryLag of(Object[] row) {
    return new DirectoryLag(
        number(row[0]),
        number(row[1]),
        instant(row[2]),
        Duration.ofSeconds(number(row[3])),
        number(row[4]),
        number(row[5]));
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }

  static @Nullable Instant instant(@Nullable Object value) {
    return value instanceof OffsetDateTime time ? time.toInstant() : (Instant) value;
  }
}
