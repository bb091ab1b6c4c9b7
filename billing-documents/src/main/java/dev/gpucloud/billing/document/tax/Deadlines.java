package dev.gpucloud.billing.document.tax;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By when a tax document must be issued and transmitted: the 10th of the month after its write date
 * (for an amendment: after the day of its cause), and the day after its issue.
 */
public record Deadlines(LocalDate issueBy, LocalDate transmitBy) {
  private static final int DAY_OF_ISSUE = 10;

  /** A deadline that is near or missed. */
  public record Warning(Code code, LocalDate deadline) {
    /** Clients switch on these. */
    public enum Code {
      ISSUE_DUE_SOON,
      ISSUE_OVERDUE,
      TRANSMISSION_DUE_SOON,
      TRANSMISSION_OVERDUE
    }
  }

  /** The deadlines of what is written on a day, and was issued on another one or not yet. */
  public static Deadlines of(LocalDate cause, @Nullable LocalDate issuedOn) {
    LocalDate issueBy = cause.plusMonths(1).withDayOfMonth(DAY_OF_ISSUE);
    return new Deadlines(issueBy, (issuedOn == null ? issueBy : issuedOn).plusDays(1));
  }

  /** Warns from so many days before each deadline on, until the thing is done. */
  public List<Warning> warnings(
      LocalDate today, int daysBefore, @Nullable LocalDate issuedOn, boolean isTransmitted) {
    if (isTransmitted) {
      return List.of();
    }
    return issuedOn == null
        ? warning(
            today, daysBefore, issueBy, Warning.Code.ISSUE_DUE_SOON, Warning.Code.ISSUE_OVERDUE)
        : warning(
            today,
            daysBefore,
            transmitBy,
            Warning.Code.TRANSMISSION_DUE_SOON,
            Warning.Code.TRANSMISSION_OVERDUE);
  }

  private static List<Warning> warning(
      LocalDate today, int daysBefore, LocalDate deadline, Warning.Code soon, Warning.Code late) {
    if (today.isAfter(deadline)) {
      return List.of(new Warning(late, deadline));
    }
    return today.plusDays(daysBefore).isBefore(deadline)
        ? List.of()
        : List.of(new Warning(soon, deadline));
  }
}
