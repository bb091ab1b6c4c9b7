package dev.gpucloud.benchmarks.writer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The measured database seen by its superuser: proves that it is durable, plays the part of other
 * services and agents, and says what CPU its processes took.
 */
final class BenchDatabase implements AutoCloseable {
  private static final long TICKS_PER_SECOND = 100;

  private final Connection connection;
  private final long postmaster;

  private BenchDatabase(Connection connection, long postmaster) {
    this.connection = connection;
    this.postmaster = postmaster;
  }

  static BenchDatabase connect(String url, String password) throws SQLException {
    Connection connection = DriverManager.getConnection(url, "postgres", password);
    try (Statement s = connection.createStatement();
        ResultSet row = s.executeQuery("select pg_backend_pid()")) {
      row.next();
      long backend = row.getLong(1);
      return new BenchDatabase(connection, parentOf(backend));
    }
  }

  private static long parentOf(long pid) {
    return ProcessHandle.of(pid).flatMap(ProcessHandle::parent).orElseThrow().pid();
  }

  String value(String sql) throws SQLException {
    try (Statement s = connection.createStatement();
        ResultSet row = s.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }

  void execute(String sql) throws SQLException {
    try (Statement s = connection.createStatement()) {
      s.execute(sql);
    }
  }

  <T> List<T> list(String sql, Class<T> type) throws SQLException {
    List<T> found = new ArrayList<>();
    try (Statement s = connection.createStatement();
        ResultSet rows = s.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getObject(1, type));
      }
    }
    return found;
  }

  /** What a figure's row says about how durable its database was. */
  record Durability(String fsync, String synchronousCommit, String persistence) {}

  /** Refuses a database that could forget what it acknowledged. */
  Durability requireDurable() throws SQLException {
    for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
      if (!value("show " + setting).equals("on")) {
        throw new IllegalStateException(setting + " is off: nothing is measured");
      }
    }
    String forgetful =
        value(
            """
            select coalesce(string_agg(relname, ', '), '') from pg_class
            where relkind in ('r', 'i') and relnamespace = 'public'::regnamespace
              and relpersistence <> 'p'""");
    if (!forgetful.isEmpty()) {
      throw new IllegalStateException("not logged, so nothing is measured: " + forgetful);
    }
    return new Durability("on", "on", "permanent");
  }

  /** What was written to the write-ahead log since the database was made. */
  double logBytes() throws SQLException {
    return Double.parseDouble(value("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn"));
  }

  /** CPU of all of PostgreSQL's processes so far, those that have ended included. */
  double cpuMicros() throws IOException {
    long ticks = ticks(postmaster, 11, 14);
    try (Stream<ProcessHandle> children = ProcessHandle.of(postmaster).orElseThrow().children()) {
      for (ProcessHandle child : children.toList()) {
        ticks += ticks(child.pid(), 11, 12);
      }
    }
    return ticks * 1e6 / TICKS_PER_SECOND;
  }

  private static long ticks(long pid, int first, int last) throws IOException {
    Path stat = Path.of("/proc/" + pid + "/stat");
    if (!Files.exists(stat)) {
      return 0;
    }
    String line = Files.readString(stat);
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
    long ticks = 0;
    for (int field = first; field <= last; field++) {
      ticks += Long.parseLong(fields[field]);
    }
    return ticks;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
