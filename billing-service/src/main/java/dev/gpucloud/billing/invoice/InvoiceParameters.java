package dev.gpucloud.billing.invoice;

import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads ids, months and states from paths and queries. */
final class InvoiceParameters {
  private static final Set<String> STATES = Set.of("DRAFT", "IN_REVIEW", "APPROVED", "ISSUED");

  private InvoiceParameters() {}

  /** An id of the path; what is none names nothing. */
  static InvoiceId id(String text) {
    try {
      return InvoiceId.parse(text);
    } catch (IllegalArgumentException e) {
      throw InvoiceService.notFound();
    }
  }

  static boolean isNumber(String text) {
    return text.matches("[0-9]{4}-[0-9]{2}-[0-9]{6}");
  }

  static BillingMonth month(String text) {
    try {
      return BillingMonth.parse(text);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PARAMETER
          .because("A month is a Seoul calendar month such as 2026-11.")
          .at("month", "must be of the form 2026-11");
    }
  }

  static @Nullable String monthOrNull(@Nullable String text) {
    return text == null ? null : month(text).toString();
  }

  static @Nullable String stateOrNull(@Nullable String text) {
    if (text != null && !STATES.contains(text)) {
      throw ProblemType.INVALID_PARAMETER
          .because("There is no such state.")
          .at("state", "must be one of " + STATES.stream().sorted().toList());
    }
    return text;
  }

  static @Nullable UUID afterOrNull(@Nullable String id) {
    if (id == null) {
      return null;
    }
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PAGE_TOKEN
          .because("The page token is not one this list gave out.")
          .at("pageToken", "pass nextPageToken of the page before, unchanged");
    }
  }
}
