package dev.gpucloud.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an invoice should charge of earlier months: each as it was known when this invoice's month
 * was closed, less what was known of it at the last close before.
 */
final class CorrectedMonths {
  private final InvoiceOracle oracle;
  private final String events;
  private final PriceList prices;
  private final JsonNode account;
  private final YearMonth open;
  private final ClosedMonths closed;
  private final List<String> unjudged = new ArrayList<>();

  CorrectedMonths(
      InvoiceOracle oracle, String events, PriceList prices, JsonNode account, YearMonth open) {
    this.oracle = oracle;
    this.events = events;
    this.prices = prices;
    this.account = account;
    this.open = open;
    this.closed = new ClosedMonths(account);
  }

  /** Lines that were taken as they stand, with the reason. */
  List<String> unjudged() {
    return unjudged;
  }

  /** The exact amounts of the correction lines of every month that the invoice corrects. */
  Map<LineKey, Fraction> expected(JsonNode invoice) {
    var months = new TreeSet<String>();
    for (JsonNode line : invoice.required("lines")) {
      if (LineKey.of(line).isCorrection()) {
        months.add(line.required("originalMonth").asText());
      }
    }
    var expected = new TreeMap<LineKey, Fraction>();
    for (String month : months) {
      String why = whyNot(YearMonth.parse(month));
      if (why == null) {
        expected.putAll(changes(YearMonth.parse(month)));
      } else {
        takeAsItStands(invoice, month, why, expected);
      }
    }
    return expected;
  }

  private String whyNot(YearMonth month) {
    if (!month.isBefore(open)) {
      return "it corrects no earlier month";
    }
    if (closed.lastClose(month, open) == null) {
      return "the price export does not say when " + month + " was closed";
    }
    if (!account.required("credits").isEmpty()) {
      return "the account has promotional credits";
    }
    return null;
  }

  private void takeAsItStands(
      JsonNode invoice, String month, String why, Map<LineKey, Fraction> expected) {
    for (JsonNode line : invoice.required("lines")) {
      if (LineKey.of(line).isCorrection()
          && line.required("originalMonth").asText().equals(month)) {
        unjudged.add("line %s: %s".formatted(line.required("lineNumber").asText(), why));
        expected.put(LineKey.of(line), Fraction.parse(line.required("exactFraction").asText()));
      }
    }
  }

  private Map<LineKey, Fraction> changes(YearMonth month) {
    Map<LineKey, Fraction> changes = asKnown(month, closed.closedAt(open));
    asKnown(month, closed.lastClose(month, open))
        .forEach((key, exact) -> changes.merge(key, Fraction.ZERO.minus(exact), Fraction::plus));
    changes.values().removeIf(Fraction.ZERO::equals);
    return changes;
  }

  private Map<LineKey, Fraction> asKnown(YearMonth month, Long arrivedBy) {
    var exact = new TreeMap<LineKey, Fraction>();
    List<MeteredRun> runs = oracle.runs(events, arrivedBy, new ArrayList<>());
    InvoiceOracle.month(runs, prices, account, month, new ArrayList<>())
        .exact()
        .forEach(
            (key, amount) -> exact.merge(key.correcting(month.toString()), amount, Fraction::plus));
    return exact;
  }
}
