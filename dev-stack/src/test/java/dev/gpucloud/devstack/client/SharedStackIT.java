package dev.gpucloud.devstack.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class SharedStackIT {

  @Test
  void handsOutDatabasesThatDoNotSeeEachOther() throws SQLException {
    SharedStack stack = SharedStack.attach();

    ServiceDatabase first = stack.createServiceDatabase("tenant");
    ServiceDatabase second = SharedStack.attach().createServiceDatabase("tenant");

    assertThat(first.name()).isNotEqualTo(second.name());
    try (Connection owner = connect(first, first.ownerUser(), first.ownerPassword());
        Statement statement = owner.createStatement()) {
      statement.execute("create table t (x int)");
    }
    assertThatThrownBy(
            () -> {
              try (Connection owner = connect(second, second.ownerUser(), second.ownerPassword());
                  Statement statement = owner.createStatement()) {
                statement.execute("select * from t");
              }
            })
        .hasMessageContaining("does not exist");
  }

  @Test
  void loginHasNoRightsUntilItTakesARole() throws SQLException {
    ServiceDatabase database = SharedStack.attach().createServiceDatabase("billing");
    try (Connection owner = connect(database, database.ownerUser(), database.ownerPassword());
        Statement statement = owner.createStatement()) {
      statement.execute(
          "create table t (x int); insert into t values (7); grant select on t to billing_app");
    }

    try (Connection login = connect(database, database.loginUser(), database.loginPassword());
        Statement statement = login.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("select x from t"))
          .hasMessageContaining("permission denied");
      statement.execute("set role billing_app");
      try (ResultSet rows = statement.executeQuery("select x from t")) {
        rows.next();
        assertThat(rows.getInt(1)).isEqualTo(7);
      }
    }
  }

  @Test
  void checksPasswords() {
    ServiceDatabase database = SharedStack.attach().createServiceDatabase("inventory");

    assertThatThrownBy(() -> connect(database, database.loginUser(), "wrong").close())
        .hasMessageContaining("password authentication failed");
  }

  private static Connection connect(ServiceDatabase database, String user, String password)
      throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl(), user, password);
  }
}
