package dev.gpucloud.kit.inbox;

import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** Tells a failure that passes (connection, lock, resources) from one that stays. */
final class Failures {
  private static final String STOOD_STILL_IN_TRANSACTION = "25P03";

  private Failures() {}

  /**
   * SQLSTATE classes 08, 40, 53, 55, 57, broken connections, a stream begun by two replicas and a
   * transaction that the database ended because its replica stood still pass; all else stays.
   */
  static boolean isTransient(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause() == t ? null : t.getCause()) {
      if (t instanceof PgException pg) {
        String state = pg.getSqlState();
        return state != null
            && (state.equals(STOOD_STILL_IN_TRANSACTION)
                || state.startsWith("08")
                || state.startsWith("40")
                || state.startsWith("53")
                || state.startsWith("55")
                || state.startsWith("57"));
      }
      if (t instanceof IOException && !(t instanceof com.fasterxml.jackson.core.JacksonException)
          || t instanceof StreamTakenException
          || t instanceof TimeoutException
          || t instanceof io.vertx.core.VertxException) {
        return true;
      }
    }
    return false;
  }
}
