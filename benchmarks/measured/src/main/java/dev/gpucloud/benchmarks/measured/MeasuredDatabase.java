package dev.gpucloud.benchmarks.measured;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/** The measured database seen by its superuser: proves that it is durable, and says its CPU. */
public final class MeasuredDatabase implements AutoCloseable {
  private static final double MICROS_PER_TICK = 10_000;

  private final Connection connection;
  private final long postmaster;

  public MeasuredDatabase(String url, String password) throws SQLException {
    connection = DriverManager.getConnection(url, "postgres", password);
    postmaster =
        ProcessHandle.of(Long.parseLong(value("select pg_backend_pid()")))
            .flatMap(ProcessHandle::parent)
            .orElseThrow()
            .pid();
  }

  /** The first column of the first row, as text. */
  public String value(String sql) throws SQLException {
    try (Statement s = connection.createStatement();
        ResultSet row = s.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }

  /** Runs statements that answer nothing. */
  public void run(String statements) throws SQLException {
    try (Statement s = connection.createStatement()) {
      s.execute(statements);
    }
  }

  /** Refuses a database that could forget what it acknowledged. */
  public void requireDurable() throws SQLException {
    for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
      if (!value("show " + setting).equals("on")) {
        throw new IllegalStateException(setting + " is off: nothing is measured");
      }
    }
  }

  /** CPU of all of PostgreSQL's processes so far, those that have ended included. */
  public double cpuMicros() throws IOException {
    long ticks = ticks(postmaster, 11, 14);
    try (Stream<ProcessHandle> children = ProcessHandle.of(postmaster).orElseThrow().children()) {
      for (ProcessHandle child : children.toList()) {
        ticks += ticks(child.pid(), 11, 12);
      }
    }
    return ticks * MICROS_PER_TICK;
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
