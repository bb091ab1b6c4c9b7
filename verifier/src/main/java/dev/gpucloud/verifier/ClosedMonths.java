package dev.gpucloud.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.YearMonth;

/** When the months of an account were closed: what arrived later was not charged by then. */
final class ClosedMonths {
  private final JsonNode account;

  ClosedMonths(JsonNode account) {
    this.account = account;
  }

  /** When a month was closed, or null when it is not said. */
  Long closedAt(YearMonth month) {
    return lastClose(month, month.plusMonths(1));
  }

  /** The last close of a month from one to another, which itself does not count. */
  Long lastClose(YearMonth from, YearMonth before) {
    Long last = null;
    for (JsonNode closed : account.path("closedMonths")) {
      YearMonth month = YearMonth.parse(closed.required("month").asText());
      if (!month.isBefore(from) && month.isBefore(before)) {
        long at = PriceList.millis(closed, "closedAt");
        last = last == null ? at : Math.max(last, at);
      }
    }
    return last;
  }
}
