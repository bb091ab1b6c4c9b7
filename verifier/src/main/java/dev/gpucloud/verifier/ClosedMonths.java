package dev.gpucloud.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

  /** The account as a month was charged: without credits that were given after it was closed. */
  JsonNode creditedBy(YearMonth month) {
    Long closedAt = closedAt(month);
    if (closedAt == null) {
      return account;
    }
    ObjectNode charged = account.deepCopy();
    ArrayNode credits = charged.putArray("credits");
    for (JsonNode credit : account.required("credits")) {
      if (PriceList.millis(credit, "grantedAt") <= closedAt || tookOf(credit, month)) {
        credits.add(credit);
      }
    }
    return charged;
  }

  /** Whatever two clocks of a trial say, a month that took of a credit had it. */
  private static boolean tookOf(JsonNode credit, YearMonth month) {
    for (JsonNode burn : credit.required("burns")) {
      if (burn.required("month").asText().equals(month.toString())) {
        return true;
      }
    }
    return false;
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
