package dev.gpucloud.devstack.postgres;

import dev.gpucloud.devstack.client.PostgresAccess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Segments of the write-ahead log that are there before they are needed. A server that has run for
 * a while uses its old ones again; a new one fills each with zeros and syncs it, 16 MiB amid a
 * commit that others wait for.
 */
final class LogSegments {
  private static final int SEGMENT_MIB = 16;

  private LogSegments() {}

  /** Makes sure that so much log is there; with {@code min_wal_size} as large it stays. */
  static void prepare(PostgresAccess access, int mib) throws SQLException {
    try (Connection connection = access.connect(PostgresAccess.ADMIN);
        Statement statement = connection.createStatement()) {
      int missing = mib / SEGMENT_MIB - segments(statement);
      for (int n = 0; n < missing; n++) {
        statement.execute("select pg_logical_emit_message(false, 'dev-stack', 'next segment')");
        statement.execute("select pg_switch_wal()");
      }
      if (missing > 0) {
        statement.execute("checkpoint"); // what was written is ready to be used again
      }
    }
  }

  private static int segments(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("select count(*) from pg_ls_waldir()")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
