package dev.gpucloud.kit.http;

import dev.gpucloud.kit.tx.LostConnection;
import io.quarkus.oidc.OIDCException;
import io.vertx.sqlclient.DatabaseException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a database or service that is away or restarting, which passes, from a fault. Whether a
 * commit under way took effect is not known then; a repetition with the same key finds out.
 */
final class Outage {
  private static final int LONGEST_CHAIN = 20;

  /** In a text, and written as {@code \\u0000} in the text of a JSON value. */
  private static final Set<String> NUL = Set.of("22021", "22P05");

  /** What the OIDC extension says when it cannot get keys; it hides the cause on purpose. */
  private static final String NO_KEYS = "OIDC Server is not available";

  private Outage() {}

  /**
   * Whether a token could not be judged because its issuer's keys cannot be had: the caller is not
   * to blame then.
   */
  static boolean ofIssuer(Throwable e) {
    @Nullable Throwable at = e;
    for (int i = 0; at != null && i < LONGEST_CHAIN; i++) {
      if (at instanceof OIDCException
          || at instanceof TimeoutException
          || NO_KEYS.equals(at.getMessage())) {
        return true;
      }
      at = at.getCause();
    }
    return isBehind(e);
  }

  /** Whether the database refused a text for a NUL character in it, which no text may have. */
  static boolean isNul(Throwable e) {
    @Nullable Throwable at = e;
    for (int i = 0; at != null && i < LONGEST_CHAIN; i++) {
      if (NUL.contains(String.valueOf(sqlState(at)))) {
        return true;
      }
      at = at.getCause();
    }
    return false;
  }

  /** Hibernate replaces the driver's exception by one of JDBC's. */
  private static @Nullable String sqlState(Throwable e) {
    return switch (e) {
      case DatabaseException refusal -> refusal.getSqlState();
      case SQLException refusal -> refusal.getSQLState();
      default -> null;
    };
  }

  static boolean isBehind(Throwable e) {
    if (LostConnection.isBehind(e)) {
      return true;
    }
    @Nullable Throwable at = e;
    for (int i = 0; at != null && i < LONGEST_CHAIN; i++) {
      if (at instanceof ConnectException) {
        return true;
      }
      if (at instanceof DatabaseException refusal && isOutage(refusal.getSqlState())) {
        return true;
      }
      at = at.getCause();
    }
    return false;
  }

  /** Classes 08 (connection) and 57P (shut down, crashed, starting up, too many connections). */
  private static boolean isOutage(@Nullable String sqlState) {
    return sqlState != null
        && (sqlState.startsWith("08") || sqlState.startsWith("57P") || sqlState.equals("53300"));
  }
}
