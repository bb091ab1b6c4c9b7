package dev.gpucloud.devstack.client;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * The superuser's way into the embedded PostgreSQL: creates the roles of a service and its
 * databases. Every call may be repeated, and several processes may call at once.
 */
public final class PostgresAccess {
  /** The superuser that initdb made. */
  public static final String ADMIN = "postgres";

  private static final long ROLE_LOCK = 7_062_026L;

  private final String host;
  private final int port;
  private final Passwords passwords;

  public PostgresAccess(String host, int port, Passwords passwords) {
    this.host = host;
    this.port = port;
    this.passwords = passwords;
  }

  /** Opens a superuser connection to the given database. */
  public Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", ADMIN);
    properties.setProperty("password", passwords.of(ADMIN));
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("ApplicationName", "dev-stack");
    return DriverManager.getConnection(
        "jdbc:postgresql://" + host + ":" + port + "/" + database, properties);
  }

  /** Makes sure that the five roles of the service and the database of this name exist. */
  public ServiceDatabase createServiceDatabase(String service, String database)
      throws SQLException {
    try (Connection connection = connect(ADMIN)) {
      lock(connection, "pg_advisory_lock");
      try {
        createRoles(connection, service);
        createDatabase(connection, database, service + "_owner");
        execute(connection, "revoke connect on database " + quoted(database) + " from public");
        execute(
            connection,
            "grant connect on database " + quoted(database) + " to " + quoted(service + "_login"));
      } finally {
        lock(connection, "pg_advisory_unlock");
      }
    }
    return new ServiceDatabase(
        host,
        port,
        database,
        service + "_login",
        passwords.of(service + "_login"),
        service + "_owner",
        passwords.of(service + "_owner"));
  }

  /** Makes sure that a login role and a database that it owns exist, both of this name. */
  public void createPlainDatabase(String name) throws SQLException {
    createPlainDatabase(name, name);
  }

  /** Makes sure that the login role exists and a database that it owns and no other role enters. */
  public void createPlainDatabase(String role, String database) throws SQLException {
    try (Connection connection = connect(ADMIN)) {
      lock(connection, "pg_advisory_lock");
      try {
        createLogin(connection, role, "");
        createDatabase(connection, database, role);
        execute(connection, "revoke connect on database " + quoted(database) + " from public");
      } finally {
        lock(connection, "pg_advisory_unlock");
      }
    }
  }

  private void createRoles(Connection connection, String service) throws SQLException {
    createLogin(connection, service + "_owner", "");
    createLogin(connection, service + "_login", "noinherit");
    for (String kind : new String[] {"_app", "_system", "_platform"}) {
      String role = service + kind;
      if (!exists(connection, "select 1 from pg_roles where rolname = ?", role)) {
        execute(connection, "create role " + quoted(role) + " nologin");
        execute(
            connection,
            "grant "
                + quoted(role)
                + " to "
                + quoted(service + "_login")
                + " with inherit false, set true");
      }
    }
  }

  private void createLogin(Connection connection, String role, String options) throws SQLException {
    if (!exists(connection, "select 1 from pg_roles where rolname = ?", role)) {
      execute(
          connection,
          "create role "
              + quoted(role)
              + " login "
              + options
              + " password '"
              + passwords.of(role)
              + "'");
    }
  }

  private static void createDatabase(Connection connection, String database, String owner)
      throws SQLException {
    if (!exists(connection, "select 1 from pg_database where datname = ?", database)) {
      execute(connection, "create database " + quoted(database) + " owner " + quoted(owner));
    }
  }

  private static boolean exists(Connection connection, String sql, String name)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, name);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  private static void lock(Connection connection, String function) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("select " + function + "(?)")) {
      statement.setLong(1, ROLE_LOCK);
      statement.execute();
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String quoted(String identifier) {
    if (!identifier.matches("[a-z][a-z0-9_]{0,62}")) {
      throw new IllegalArgumentException("Not a plain SQL name: " + identifier);
    }
    return '"' + identifier + '"';
  }
}
