package dev.gpucloud.billing.close;

import dev.gpucloud.contracts.id.CloseWaiverId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what paths and queries of the close name. */
public final class CloseParameters {
  private CloseParameters() {}

  public static BillingMonth month(String text) {
    try {
      return BillingMonth.parse(text);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PARAMETER
          .because("A month is a Seoul calendar month such as 2026-11.")
          .at("month", "must be of the form 2026-11");
    }
  }

  public static UUID account(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw noAccount();
    }
  }

  public static ProblemException noAccount() {
    return ProblemType.NOT_FOUND.because("There is no such account.");
  }

  static UUID waiver(String text) {
    try {
      return CloseWaiverId.parse(text).value();
    } catch (IllegalArgumentException e) {
      throw noWaiver();
    }
  }

  static ProblemException noWaiver() {
    return ProblemType.NOT_FOUND.because("There is no such waiver.");
  }

  static @Nullable UUID after(@Nullable String id) {
    try {
      return id == null ? null : UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PAGE_TOKEN
          .because("The page token is not one this list gave out.")
          .at("pageToken", "pass nextPageToken of the page before, unchanged");
    }
  }
}
