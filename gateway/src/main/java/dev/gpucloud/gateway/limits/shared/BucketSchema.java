package dev.gpucloud.gateway.limits.shared;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/**
 * The gateway's tables, made and changed forward by whichever replica comes first. Unlogged: what
 * they hold is worth a window, and a server that crashed or failed over begins with full buckets.
 */
final class BucketSchema {
  /** Version 1, 2, ...: added to, never changed. */
  private static final List<String> STEPS =
      List.of(
          """
          create unlogged table limits_bucket (
            id uuid primary key,
            full_at_nanos bigint not null,
            owed_nanos bigint not null,
            window_nanos bigint not null
          ) with (fillfactor = 50)""",
          """
          create unlogged table limits_replica (
            id uuid primary key,
            seen_at timestamptz not null
          ) with (fillfactor = 50)""");

  private static final long LOCK = 7_062_027L;

  private BucketSchema() {}

  /** Brings the tables up to date; those of a later version are left as they are. */
  static Future<Void> apply(PgConnection connection) {
    return connection
        .begin()
        .compose(
            change ->
                connection
                    .query("select pg_advisory_xact_lock(" + LOCK + ")")
                    .execute()
                    .compose(locked -> migrate(connection))
                    .compose(done -> change.commit()));
  }

  private static Future<Void> migrate(PgConnection connection) {
    return connection
        .query("create table if not exists limits_schema (version int primary key)")
        .execute()
        .compose(there -> connection.query("select max(version) from limits_schema").execute())
        .compose(found -> step(connection, version(found)));
  }

  private static int version(RowSet<Row> found) {
    Integer version = found.iterator().next().getInteger(0);
    return version == null ? 0 : version;
  }

  private static Future<Void> step(PgConnection connection, int version) {
    if (version >= STEPS.size()) {
      return Future.succeededFuture();
    }
    return connection
        .query(STEPS.get(version))
        .execute()
        .compose(
            made ->
                connection
                    .preparedQuery("insert into limits_schema (version) values ($1)")
                    .execute(Tuple.of(version + 1)))
        .compose(noted -> step(connection, version + 1));
  }
}
