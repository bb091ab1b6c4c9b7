package dev.gpucloud.devstack.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.devstack.client.PostgresAccess;
import dev.gpucloud.devstack.client.SharedStack;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class LogSegmentsIT {
  private static final int SEGMENT_MIB = 16;
  private static final long SEGMENT = 16L << 20;

  private final PostgresAccess access = SharedStack.attach().postgres();

  @Test
  void whatIsMissingIsWrittenAndWhatIsThereIsNot() throws SQLException {
    long there = number("select count(*) from pg_ls_waldir()");
    long before = written();
    LogSegments.prepare(access, (int) (there + 3) * SEGMENT_MIB);
    assertThat(written() - before).isGreaterThan(SEGMENT);

    before = written();
    LogSegments.prepare(access, SEGMENT_MIB);
    assertThat(written() - before).isLessThan(SEGMENT);
  }

  private long written() throws SQLException {
    return number("select pg_current_wal_lsn() - '0/0'::pg_lsn");
  }

  private long number(String query) throws SQLException {
    try (Connection connection = access.connect(PostgresAccess.ADMIN);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
