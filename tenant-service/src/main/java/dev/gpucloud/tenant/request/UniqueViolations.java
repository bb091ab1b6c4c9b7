package dev.gpucloud.tenant.request;

import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.exception.ConstraintViolationException.ConstraintKind;

/** Tells a lost race for a unique key from other failures of the database. */
public final class UniqueViolations {
  private UniqueViolations() {}

  /** Whether the failure is, or was caused by, a unique key that somebody else took first. */
  public static boolean is(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConstraintViolationException violation) {
        return violation.getKind() == ConstraintKind.UNIQUE
            || "23505".equals(violation.getSQLState());
      }
    }
    return false;
  }
}
