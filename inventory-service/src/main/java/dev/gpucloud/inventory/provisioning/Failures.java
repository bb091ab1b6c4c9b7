package dev.gpucloud.inventory.provisioning;

import io.vertx.pgclient.PgException;

/** Tells database refusals apart. */
final class Failures {
  private static final String UNIQUE_VIOLATION = "23505";

  private Failures() {}

  static boolean isUniqueViolation(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause() == t ? null : t.getCause()) {
      if (t instanceof PgException pg && UNIQUE_VIOLATION.equals(pg.getSqlState())) {
        return true;
      }
      if (t instanceof org.hibernate.exception.ConstraintViolationException violation
          && UNIQUE_VIOLATION.equals(violation.getSQLState())) {
        return true;
      }
    }
    return false;
  }
}
