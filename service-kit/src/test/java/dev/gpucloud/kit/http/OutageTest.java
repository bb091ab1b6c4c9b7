package dev.gpucloud.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutageTest {
  @ParameterizedTest
  @ValueSource(strings = {"57P01", "57P02", "57P03", "08006", "53300"})
  void aDatabaseThatIsAwayIsAnOutage(String sqlState) {
    assertThat(Outage.isBehind(refusal(sqlState))).isTrue();
    assertThat(Outage.isBehind(new CompletionException(refusal(sqlState)))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "42501", "40001", "57014"})
  void aStatementThatFailedIsNone(String sqlState) {
    assertThat(Outage.isBehind(refusal(sqlState))).isFalse();
  }

  @Test
  void aLostConnectionIsAnOutageAndAFaultIsNot() {
    assertThat(Outage.isBehind(new ConnectException("refused"))).isTrue();
    assertThat(Outage.isBehind(ClosedConnectionException.INSTANCE)).isTrue();
    assertThat(
            Outage.isBehind(
                new CompletionException(
                    new NoStackTraceThrowable(
                        "Connection is not active now, current status: CLOSED"))))
        .isTrue();
    assertThat(Outage.isBehind(new IllegalStateException("a bug"))).isFalse();
  }

  @Test
  void aNulInATextIsNeitherByWhicheverWayItCame() {
    assertThat(Outage.isNul(refusal("22021"))).isTrue();
    assertThat(Outage.isNul(refusal("22P05"))).isTrue();
    assertThat(Outage.isNul(new IllegalStateException(new SQLException("nul", "22021")))).isTrue();
    assertThat(Outage.isNul(new SQLException("else", "23505"))).isFalse();
    assertThat(Outage.isBehind(refusal("22021"))).isFalse();
  }

  private static PgException refusal(String sqlState) {
    return new PgException("refused", "FATAL", sqlState, "");
  }
}
