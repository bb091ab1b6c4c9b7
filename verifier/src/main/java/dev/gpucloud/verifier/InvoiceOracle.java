package dev.gpucloud.verifier;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Recomputes one invoice from exported events, prices and agreements, one run at a time and without
 * any of the product's code, and says where the invoice differs. Slow on purpose; exact whole
 * numbers throughout.
 */
public final class InvoiceOracle {
  private static final Set<String> KNOWN =
      Set.of("USAGE", "OVERAGE", "COMMITMENT_FEE", "TRUE_UP", "CORRECTION");

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
    try {
      return compare(eventsNdjson, pricesJson, invoiceJson);
    } catch (DateTimeException | ArithmeticException | NullPointerException e) {
      throw new IllegalArgumentException("the bundle is damaged: " + e.getMessage(), e);
    }
  }

  private Report compare(String eventsNdjson, String pricesJson, String invoiceJson) {
    JsonNode invoice = read("invoice", invoiceJson);
    var prices = new PriceList(read("prices", pricesJson));
    String accountId = invoice.at("/account/id").asText();
    JsonNode exported = prices.account(accountId);
    if (exported == null) {
      return new Report("0", List.of("account: the price export has no account " + accountId));
    }
    refuseUnknownLines(invoice);
    var differences = new ArrayList<String>();
    YearMonth month = month(invoice);
    var closed = new ClosedMonths(exported);
    Long closedAt = closed.closedAt(month);
    JsonNode account = closed.creditedBy(month);
    ExpectedMonth expected =
        month(runs(eventsNdjson, closedAt, differences), prices, account, month, differences);
    var corrections = new CorrectedMonths(this, eventsNdjson, prices, account, month);
    var comparison = new Comparison(invoice, differences);
    String total = comparison.with(expected, corrections.expected(invoice), prices, account, month);
    return new Report(total, differences, corrections.unjudged());
  }

  /** What a month of an account comes to, with what others used that are pooled with it. */
  static ExpectedMonth month(
      List<MeteredRun> runs,
      PriceList prices,
      JsonNode account,
      YearMonth month,
      List<String> differences) {
    for (JsonNode end : account.path("estimatedEnds")) {
      if (month.equals(YearMonth.parse(end.required("month").asText()))) {
        runs.stream()
            .filter(run -> run.runId.equals(end.required("runId").asText()))
            .forEach(
                run ->
                    run.endWithoutProof(
                        PriceList.millis(end, "aliveThrough"),
                        Agreed.startOf(month.plusMonths(1))));
      }
    }
    List<MeteredRun> own = new ArrayList<>(runs);
    List<ExpectedPart> others = new ArrayList<>();
    for (JsonNode other : prices.pooledWith(account, month)) {
      List<MeteredRun> theirs = runs.stream().filter(run -> isOf(other, run)).toList();
      own.removeAll(theirs);
      List<ExpectedRow> rows = rate(theirs, prices, other, month, differences);
      others.addAll(new Shares(rows, other, month).parts());
    }
    return new ExpectedMonth(
        rate(own, prices, account, month, differences), others, account, month);
  }

  private static boolean isOf(JsonNode account, MeteredRun run) {
    String tenant = run.stateAt(run.startMillis()).required("tenantId").asText();
    for (JsonNode each : account.required("tenants")) {
      if (each.required("tenantId").asText().equals(tenant)) {
        return true;
      }
    }
    return false;
  }

  private static List<ExpectedRow> rate(
      List<MeteredRun> runs,
      PriceList prices,
      JsonNode account,
      YearMonth month,
      List<String> differences) {
    List<ExpectedRow> rows = new ArrayList<>();
    for (MeteredRun run : runs) {
      rows.addAll(rate(run, prices, account, month, differences));
    }
    return rows;
  }

  /** Better no answer than a wrong one. */
  private static void refuseUnknownLines(JsonNode invoice) {
    for (JsonNode line : invoice.required("lines")) {
      String category = line.path("category").asText("USAGE");
      if (!KNOWN.contains(category)) {
        throw new IllegalArgumentException(
            "line %s is %s, which this verifier does not know"
                .formatted(line.required("lineNumber").asText(), category));
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
    return YearMonth.parse(invoice.required("month").asText());
  }

  // ---- events -> runs

  /** The runs from what had arrived by a millisecond; null for all there is. */
  List<MeteredRun> runs(String eventsNdjson, Long arrivedBy, List<String> differences) {
    var eventsByRun = new TreeMap<String, TreeMap<Long, JsonNode>>();
    var aliveByRun = new HashMap<String, Long>();
    int lineNumber = 0;
    for (String line : eventsNdjson.split("\n")) {
      lineNumber++;
      if (line.isBlank()) {
        continue;
      }
      JsonNode event = read("events line " + lineNumber, line);
      JsonNode data = event.path("data");
      if (arrivedBy != null
          && event.hasNonNull("receivedtime")
          && PriceList.millis(event, "receivedtime") > arrivedBy) {
        continue;
      }
      for (JsonNode alive : data.path("runs")) {
        aliveByRun.merge(
            alive.required("runId").asText(), PriceList.millis(alive, "aliveThrough"), Math::max);
      }
      if (!data.hasNonNull("runId") || !event.hasNonNull("sequence")) {
        continue;
      }
      JsonNode known =
          eventsByRun
              .computeIfAbsent(data.required("runId").asText(), k -> new TreeMap<>())
              .putIfAbsent(event.required("sequence").asLong(), event);
      if (known != null && !known.required("data").equals(data)) {
        differences.add(
            "events line %d: sequence %s of %s was told twice, differently"
                .formatted(
                    lineNumber, event.required("sequence").asText(), data.required("instanceId")));
      }
    }
    var runs = new ArrayList<MeteredRun>();
    eventsByRun.forEach(
        (runId, events) -> {
          MeteredRun run = MeteredRun.read(runId, events);
          if (run != null) {
            run.aliveMillis = aliveByRun.get(runId);
            runs.add(run);
          }
        });
    return runs;
  }

  // ---- one run -> its rows within the month

  private static List<ExpectedRow> rate(
      MeteredRun run,
      PriceList prices,
      JsonNode account,
      YearMonth month,
      List<String> differences) {
    long monthStart = Agreed.startOf(month);
    long monthEnd = Agreed.startOf(month.plusMonths(1));
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
    Map<String, TreeSet<Long>> fixedCuts = new HashMap<>();
    for (MeteredRun.Change change : run.changes) {
      String sku = sku(change.data());
      fixedCuts.computeIfAbsent(sku, of -> prices.fixedCuts(account, of, month));
    }
    fixedCuts.values().forEach(cuts::addAll);
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
              && !fixedCuts.get(piece.sku).contains(piece.startMillis);
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
    for (JsonNode t : account.required("tenants")) {
      if (t.required("tenantId").asText().equals(state.required("tenantId").asText())) {
        tenant = t;
      }
    }
    if (tenant == null) {
      differences.add(
          "run %s: its tenant %s does not belong to the invoice's account"
              .formatted(run.runId, state.required("tenantId").asText()));
      return null;
    }
    String sku = sku(state);
    PriceList.Quote quote = prices.quote(sku, account, tenant, from);
    if (quote == null) {
      differences.add(
          "run %s: no price of %s at %s".formatted(run.runId, sku, Instant.ofEpochMilli(from)));
      return null;
    }
    String project = state.required("projectId").asText();
    String description =
        String.join(
            "|",
            project,
            state.path("projectSlug").asText(),
            state.path("costCenter").asText(),
            state.required("instanceType").asText(),
            state.required("gpus").asText(),
            state.path("site").asText(),
            sku,
            quote.version(),
            quote.percentages().toString(),
            quote.shares().toString());
    boolean slice = state.hasNonNull("migProfile");
    return new ExpectedRow(
        run.runId,
        state.required("tenantId").asText(),
        project,
        sku,
        slice ? null : state.required("gpuModel").asText(),
        description,
        from,
        to,
        quote,
        slice || quote.isPerInstance() ? 1 : state.required("gpus").asInt(),
        state.required("gpus").asInt());
  }

  private static String sku(JsonNode state) {
    String item =
        state.hasNonNull("migProfile")
            ? state.required("instanceType").asText()
            : state.required("gpuModel").asText();
    String purchaseClass = state.required("purchaseClass").asText().toLowerCase().replace('_', '-');
    return item + "." + purchaseClass + "." + state.required("region").asText();
  }
}
