package dev.gpucloud.testsupport;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The database of the service under test, seen from outside. */
public final class TestDatabase {
  private static Connection kept;

  private TestDatabase() {}

  /** A connection of the superuser, whom no policy binds: for checking what really stands there. */
  public static Connection admin() throws SQLException {
    return DriverManager.getConnection(
        System.getProperty(ServiceStack.DATABASE_URL),
        System.getProperty(ServiceStack.DATABASE_USER),
        System.getProperty(ServiceStack.DATABASE_PASSWORD));
  }

  /**
   * A connection in an open transaction under a working role, such as {@code tenant_app}, with the
   * tenant set as a request would set it; an empty tenant leaves it unset.
   */
  public static Connection as(String role, String tenantUuid) throws SQLException {
    Connection c = admin();
    c.setAutoCommit(false);
    try (Statement s = c.createStatement()) {
      s.execute("set local role " + role);
      if (!tenantUuid.isEmpty()) {
        s.execute("set local app.tenant = '" + tenantUuid + "'");
      }
    }
    return c;
  }

  /** The first column of the first row, past every policy; for looking again and again. */
  public static synchronized String value(String sql) {
    try (Statement s = kept().createStatement();
        ResultSet rows = s.executeQuery(sql)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Changes rows, past every policy. */
  public static synchronized void update(String sql) {
    try (Statement s = kept().createStatement()) {
      s.executeUpdate(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A login costs more than a question, and there are thousands of them. */
  private static Connection kept() throws SQLException {
    if (kept == null
        || !kept.getMetaData().getURL().equals(System.getProperty(ServiceStack.DATABASE_URL))
        || kept.isClosed()) {
      kept = admin();
    }
    return kept;
  }
}
