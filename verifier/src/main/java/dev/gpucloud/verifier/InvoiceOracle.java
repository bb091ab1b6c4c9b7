package dev.gpucloud.verifier;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Recomputes one invoice from exported events and prices, one run at a time and without any of the
 * product's code, and says where the invoice differs. Slow on purpose; exact whole numbers
 * throughout.
 */
public final class InvoiceOracle {
  private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
  private static final BigInteger TEN = BigInteger.TEN;

  private final ObjectMapper mapper =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /**
   * Compares an invoice with what its events and prices come to.
   *
   * @param eventsNdjson CloudEvents as JSON, one a line
   * @param pricesJson the price export
   * @param invoiceJson the invoice as the API answers it
   * @throws IllegalArgumentException when one of the three cannot be read
   */
  public Report verify(String eventsNdjson, String pricesJson, String invoiceJson) {
    JsonNode invoice = read("invoice", invoiceJson);
    var prices = new PriceList(read("prices", pricesJson));
    String accountId = invoice.at("/account/id").asText();
    JsonNode account = prices.account(accountId);
    if (account == null) {
      return new Report("0", List.of("account: the price export has no account " + accountId));
    }
    refuseAgreements(account, prices, invoice);
    var differences = new ArrayList<String>();
    YearMonth month = month(invoice);
    Long closedAt = new ClosedMonths(account).closedAt(month);
    List<MeteredRun> runs = runs(eventsNdjson, closedAt, differences);
    List<ExpectedRow> rows = new ArrayList<>();
    for (MeteredRun run : runs) {
      rows.addAll(rate(run, prices, account, month, differences));
    }
    rows.sort(
        Comparator.<ExpectedRow>comparingLong(r -> r.startMillis)
            .thenComparingLong(r -> r.endMillis)
            .thenComparing(r -> r.runId));
    burnCredits(rows, account, month);
    var corrections = new CorrectedMonths(this, eventsNdjson, prices, account, month);
    String total = compare(rows, account, prices, invoice, corrections, differences);
    return new Report(total, differences, corrections.unjudged());
  }

  /**
   * What is agreed beside list prices is not recomputed here: better no answer than a wrong one.
   */
  private static void refuseAgreements(JsonNode account, PriceList prices, JsonNode invoice) {
    for (String agreed :
        List.of("contracts", "usageCommitments", "spendCommitments", "monthlyFees")) {
      if (!account.path(agreed).isEmpty()) {
        throw new IllegalArgumentException(
            "the account has %s, which this verifier does not know: it recomputes list prices,"
                    .formatted(agreed)
                + " discounts, promotional credits and corrections");
      }
    }
    for (JsonNode tenant : account.path("tenants")) {
      if (!tenant.path("grantShares").isEmpty()) {
        throw new IllegalArgumentException(
            "a grant pays a part of what tenant %s uses, which this verifier does not know"
                .formatted(tenant.path("slug").asText()));
      }
    }
    if (prices.isPooled(account)) {
      throw new IllegalArgumentException(
          "the account shares tiers with others, which this verifier does not know");
    }
    for (JsonNode line : invoice.get("lines")) {
      String category = line.path("category").asText("USAGE");
      if (!category.equals("USAGE") && !category.equals("CORRECTION")) {
        throw new IllegalArgumentException(
            "line %s is %s, which this verifier does not know"
                .formatted(line.get("lineNumber").asText(), category));
      }
    }
  }

  private JsonNode read(String what, String json) {
    try {
      return mapper.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(what + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static YearMonth month(JsonNode invoice) {
    return YearMonth.parse(invoice.get("month").asText());
  }

  // ---- events -> runs

  /** The runs from what had arrived by a millisecond; null for all there is. */
  List<MeteredRun> runs(String eventsNdjson, Long arrivedBy, List<String> differences) {
    var eventsByRun = new TreeMap<String, TreeMap<Long, JsonNode>>();
    int lineNumber = 0;
    for (String line : eventsNdjson.split("\n")) {
      lineNumber++;
      if (line.isBlank()) {
        continue;
      }
      JsonNode event = read("events line " + lineNumber, line);
      JsonNode data = event.path("data");
      if (!data.hasNonNull("runId") || !event.hasNonNull("sequence")) {
        continue;
      }
      if (arrivedBy != null
          && event.hasNonNull("receivedtime")
          && PriceList.millis(event, "receivedtime") > arrivedBy) {
        continue;
      }
      JsonNode known =
          eventsByRun
              .computeIfAbsent(data.get("runId").asText(), k -> new TreeMap<>())
              .putIfAbsent(event.get("sequence").asLong(), event);
      if (known != null && !known.get("data").equals(data)) {
        differences.add(
            "events line %d: sequence %s of %s was told twice, differently"
                .formatted(lineNumber, event.get("sequence").asText(), data.get("instanceId")));
      }
    }
    var runs = new ArrayList<MeteredRun>();
    eventsByRun.forEach(
        (runId, events) -> {
          MeteredRun run = MeteredRun.read(runId, events);
          if (run != null) {
            runs.add(run);
          }
        });
    return runs;
  }

  // ---- one run -> its rows within the month

  static List<ExpectedRow> rate(
      MeteredRun run,
      PriceList prices,
      JsonNode account,
      YearMonth month,
      List<String> differences) {
    long monthStart = month.atDay(1).atStartOfDay(SEOUL).toInstant().toEpochMilli();
    long monthEnd = month.plusMonths(1).atDay(1).atStartOfDay(SEOUL).toInstant().toEpochMilli();
    long from = Math.max(run.startMillis(), monthStart);
    long to = run.endMillis == null ? monthEnd : Math.min(run.endMillis, monthEnd);
    boolean emptyRun = run.endMillis != null && run.endMillis == run.startMillis();
    boolean emptyRunInMonth = emptyRun && from == to && from < monthEnd;
    if (from >= to && !emptyRunInMonth) {
      return List.of();
    }
    var cuts = new TreeSet<Long>();
    run.changes.forEach(c -> cuts.add(c.atMillis()));
    cuts.addAll(prices.changes(account));
    var bounds = new ArrayList<Long>();
    bounds.add(from);
    cuts.stream().filter(c -> c > from && c < to).forEach(bounds::add);
    bounds.add(to);
    var rows = new ArrayList<ExpectedRow>();
    for (int i = 0; i + 1 < bounds.size(); i++) {
      ExpectedRow piece =
          piece(run, prices, account, bounds.get(i), bounds.get(i + 1), differences);
      if (piece == null) {
        return List.of();
      }
      boolean sameAsBefore =
          !rows.isEmpty()
              && rows.getLast().description.equals(piece.description)
              && !prices.creditBounds(account).contains(piece.startMillis);
      if (sameAsBefore) {
        rows.getLast().endMillis = piece.endMillis;
      } else {
        rows.add(piece);
      }
    }
    if (run.endMillis != null && run.endMillis == to) {
      rows.getLast().paddingMillis = run.paddingMillis();
    }
    return rows;
  }

  private static ExpectedRow piece(
      MeteredRun run,
      PriceList prices,
      JsonNode account,
      long from,
      long to,
      List<String> differences) {
    JsonNode state = run.stateAt(from);
    JsonNode tenant = null;
    for (JsonNode t : account.get("tenants")) {
      if (t.get("tenantId").asText().equals(state.get("tenantId").asText())) {
        tenant = t;
      }
    }
    if (tenant == null) {
      differences.add(
          "run %s: its tenant %s does not belong to the invoice's account"
              .formatted(run.runId, state.get("tenantId").asText()));
      return null;
    }
    String sku = sku(state);
    PriceList.Quote quote = prices.quote(sku, tenant, from);
    if (quote == null) {
      differences.add(
          "run %s: no price of %s at %s".formatted(run.runId, sku, Instant.ofEpochMilli(from)));
      return null;
    }
    String project = state.get("projectId").asText();
    String description =
        String.join(
            "|",
            project,
            state.path("projectSlug").asText(),
            state.path("costCenter").asText(),
            state.get("instanceType").asText(),
            state.get("gpus").asText(),
            state.path("site").asText(),
            sku,
            quote.version(),
            quote.percentages().toString());
    boolean slice = state.hasNonNull("migProfile");
    return new ExpectedRow(
        run.runId,
        state.get("tenantId").asText(),
        project + " " + sku + " " + quote.lineVersion(),
        description,
        from,
        to,
        quote,
        slice ? 1 : state.get("gpus").asInt());
  }

  private static String sku(JsonNode state) {
    String item =
        state.hasNonNull("migProfile")
            ? state.get("instanceType").asText()
            : state.get("gpuModel").asText();
    String purchaseClass = state.get("purchaseClass").asText().toLowerCase().replace('_', '-');
    return item + "." + purchaseClass + "." + state.get("region").asText();
  }

  // ---- credits, by usage time

  private static void burnCredits(List<ExpectedRow> rows, JsonNode account, YearMonth month) {
    var credits = new ArrayList<JsonNode>();
    account.get("credits").forEach(credits::add);
    credits.sort(
        Comparator.<JsonNode>comparingInt(c -> c.get("priority").asInt())
            .thenComparingLong(
                c -> c.hasNonNull("expiresAt") ? PriceList.millis(c, "expiresAt") : Long.MAX_VALUE)
            .thenComparingLong(c -> PriceList.millis(c, "grantedAt"))
            .thenComparing(c -> c.get("id").asText()));
    Map<String, Fraction> left = new HashMap<>();
    for (JsonNode credit : credits) {
      Fraction balance = Fraction.parse(credit.get("amountKrw").asText());
      for (JsonNode burn : credit.get("burns")) {
        if (YearMonth.parse(burn.get("month").asText()).isBefore(month)) {
          balance = balance.minus(Fraction.parse(burn.get("amount").asText()));
        }
      }
      left.put(credit.get("id").asText(), balance);
    }
    for (ExpectedRow row : rows) {
      for (JsonNode credit : credits) {
        String id = credit.get("id").asText();
        Fraction take = row.net().smaller(left.get(id));
        if (take.isPositive() && covers(credit, row)) {
          row.credited = row.credited.plus(take);
          left.put(id, left.get(id).minus(take));
        }
      }
    }
  }

  private static boolean covers(JsonNode credit, ExpectedRow row) {
    return credit.get("tenantId").asText().equals(row.tenantId)
        && row.startMillis >= PriceList.millis(credit, "validFrom")
        && (!credit.hasNonNull("expiresAt")
            || row.startMillis < PriceList.millis(credit, "expiresAt"));
  }

  // ---- rows -> lines -> document, and what the invoice says instead

  private static String compare(
      List<ExpectedRow> rows,
      JsonNode account,
      PriceList prices,
      JsonNode invoice,
      CorrectedMonths corrections,
      List<String> differences) {
    Map<String, Fraction> exactByLine = new TreeMap<>();
    rows.forEach(r -> exactByLine.merge(r.line, r.net(), Fraction::plus));
    exactByLine.putAll(corrections.expected(invoice));
    compareLines(exactByLine, invoice, differences);
    compareRows(rows, invoice, differences);
    BigInteger supply = BigInteger.ZERO;
    for (Fraction exact : exactByLine.values()) {
      supply = supply.add(exact.rounded());
    }
    BigInteger vat = taxed(prices.mode(account)) ? supply.abs().divide(TEN) : BigInteger.ZERO;
    vat = supply.signum() < 0 ? vat.negate() : vat;
    BigInteger total = supply.add(vat);
    check("supplyValue", invoice.at("/supplyValue/amount"), supply, differences);
    check("vat", invoice.at("/vat/amount"), vat, differences);
    check("total", invoice.at("/total/amount"), total, differences);
    return total.toString();
  }

  private static boolean taxed(String mode) {
    return switch (mode) {
      case "EXTERNAL", "GROUP_SERVICE" -> true;
      default -> false;
    };
  }

  private static void compareLines(
      Map<String, Fraction> exactByLine, JsonNode invoice, List<String> differences) {
    var missing = new LinkedHashMap<>(exactByLine);
    for (JsonNode line : invoice.get("lines")) {
      String key = CorrectedMonths.key(line);
      String where = "line " + line.get("lineNumber").asText() + " (" + key + ")";
      Fraction exact = missing.remove(key);
      if (exact == null) {
        differences.add(where + ": on the invoice, but nothing was used for it");
        continue;
      }
      check(where + " amount", line.at("/amount/amount"), exact.rounded(), differences);
      if (!Fraction.parse(line.get("exactFraction").asText()).equals(exact)) {
        differences.add(
            "%s exactFraction: %s on the invoice, %s recomputed"
                .formatted(where, line.get("exactFraction").asText(), exact));
      }
    }
    missing.forEach(
        (key, exact) ->
            differences.add(
                "line (%s): not on the invoice, %s won recomputed"
                    .formatted(key, exact.rounded())));
  }

  private static void compareRows(
      List<ExpectedRow> rows, JsonNode invoice, List<String> differences) {
    var expected = new LinkedHashMap<String, ExpectedRow>();
    rows.forEach(r -> expected.put(r.runId + " from " + Instant.ofEpochMilli(r.startMillis), r));
    for (JsonNode line : invoice.get("lines")) {
      if (CorrectedMonths.isCorrection(line)) {
        continue;
      }
      for (JsonNode detail : line.get("details")) {
        Instant start = Instant.ofEpochMilli(PriceList.millis(detail, "start"));
        String key = detail.get("runId").asText() + " from " + start;
        ExpectedRow row = expected.remove(key);
        if (row == null) {
          differences.add(key + ": on the invoice, but not among the events");
          continue;
        }
        if (!Fraction.parse(detail.get("exactFraction").asText()).equals(row.net())) {
          differences.add(
              "%s: %s won on the invoice, %s recomputed"
                  .formatted(key, detail.get("exactFraction").asText(), row.net()));
        }
        Fraction seconds = Fraction.of(row.billedMillis()).over(Fraction.of(1000));
        if (!Fraction.parse(detail.get("billedSeconds").asText()).equals(seconds)) {
          differences.add(
              "%s: %s s on the invoice, %s recomputed"
                  .formatted(key, detail.get("billedSeconds").asText(), seconds));
        }
      }
    }
    expected.keySet().forEach(key -> differences.add(key + ": not on the invoice"));
  }

  private static void check(
      String where, JsonNode said, BigInteger expected, List<String> differences) {
    if (!said.asText().equals(expected.toString())) {
      differences.add(
          "%s: %s on the invoice, %s recomputed".formatted(where, said.asText(), expected));
    }
  }
}
