package dev.gpucloud.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A month of an account from its rows: commitments, grants, tiers, credits, lines, fees and spend
 * commitments, in this order.
 */
final class ExpectedMonth {
  private final JsonNode account;
  private final YearMonth month;
  private final List<ExpectedPart> parts;
  private final List<Shares.Use> uses;
  private final Map<LineKey, Fraction> exact = new TreeMap<>();

  /** The rows of an account, and the parts of those whose quantities count with its own. */
  ExpectedMonth(
      List<ExpectedRow> rows, List<ExpectedPart> pooled, JsonNode account, YearMonth month) {
    this.account = account;
    this.month = month;
    var shares = new Shares(rows, account, month);
    parts = new ArrayList<>(shares.parts());
    uses = shares.uses();
    priceByQuantity(pooled);
    parts.sort(
        Comparator.<ExpectedPart>comparingLong(p -> p.row.startMillis)
            .thenComparingLong(p -> p.row.endMillis)
            .thenComparing(p -> p.row.runId)
            .thenComparingInt(ExpectedPart::order));
    burnCredits();
    BigInteger usage = usageLines();
    fees();
    trueUps(usage);
  }

  /** Every charged share of a row. */
  List<ExpectedPart> parts() {
    return parts;
  }

  List<Shares.Use> uses() {
    return uses;
  }

  /** The exact amount of every line. */
  Map<LineKey, Fraction> exact() {
    return exact;
  }

  private void priceByQuantity(List<ExpectedPart> pooled) {
    Map<String, Fraction> quantities = new HashMap<>();
    List<ExpectedPart> all = new ArrayList<>(parts);
    all.addAll(pooled);
    for (ExpectedPart part : all) {
      if (!part.isCovered()) {
        quantities.merge(part.row.sku, part.quantity(), Fraction::plus);
      }
    }
    for (ExpectedPart part : parts) {
      JsonNode tiers = part.row.quote.price().path("tiers");
      if (tiers.isObject() && part.ownPrice == null && !part.isCovered()) {
        part.base = averagePrice(tiers, quantities.get(part.row.sku));
      }
    }
  }

  private static Fraction averagePrice(JsonNode tiers, Fraction quantity) {
    boolean volume = tiers.path("mode").asText("GRADUATED").equals("VOLUME");
    Fraction cost = Fraction.ZERO;
    Fraction below = Fraction.ZERO;
    for (JsonNode band : tiers.required("bands")) {
      Fraction price = Fraction.parse(band.required("priceKrw").asText());
      Fraction end =
          band.hasNonNull("upToHours")
              ? Fraction.parse(band.required("upToHours").asText()).smaller(quantity)
              : quantity;
      boolean reached = end.equals(quantity);
      if (!quantity.isPositive() || volume && reached) {
        return price;
      }
      cost = cost.plus(end.minus(below).times(price));
      below = end;
      if (reached) {
        break;
      }
    }
    return cost.over(quantity);
  }

  // ---- credits, by usage time

  private void burnCredits() {
    var credits = new ArrayList<JsonNode>();
    account.path("credits").forEach(credits::add);
    credits.sort(
        Comparator.<JsonNode>comparingInt(c -> c.required("priority").asInt())
            .thenComparingLong(
                c -> c.hasNonNull("expiresAt") ? PriceList.millis(c, "expiresAt") : Long.MAX_VALUE)
            .thenComparingLong(c -> PriceList.millis(c, "grantedAt"))
            .thenComparing(c -> c.required("id").asText()));
    Map<String, Fraction> left = new HashMap<>();
    for (JsonNode credit : credits) {
      Fraction balance = Fraction.parse(credit.required("amountKrw").asText());
      for (JsonNode burn : credit.required("burns")) {
        if (YearMonth.parse(burn.required("month").asText()).isBefore(month)) {
          balance = balance.minus(Fraction.parse(burn.required("amount").asText()));
        }
      }
      left.put(credit.required("id").asText(), balance);
    }
    for (ExpectedPart part : parts) {
      for (JsonNode credit : credits) {
        String id = credit.required("id").asText();
        Fraction take = part.net().smaller(left.get(id));
        if (take.isPositive() && covers(credit, part.row)) {
          part.credited = part.credited.plus(take);
          left.put(id, left.get(id).minus(take));
        }
      }
    }
  }

  private static boolean covers(JsonNode credit, ExpectedRow row) {
    return credit.required("tenantId").asText().equals(row.tenantId)
        && row.startMillis >= PriceList.millis(credit, "validFrom")
        && (!credit.hasNonNull("expiresAt")
            || row.startMillis < PriceList.millis(credit, "expiresAt"));
  }

  // ---- lines

  /** What usage lines come to before credits. */
  private BigInteger usageLines() {
    Map<LineKey, Fraction> before = new TreeMap<>();
    for (ExpectedPart part : parts) {
      if (!part.isCovered()) {
        var key =
            new LineKey(part.category, "", part.row.project, part.row.sku, part.lineVersion());
        exact.merge(key, part.net(), Fraction::plus);
        before.merge(key, part.gross(), Fraction::plus);
      }
    }
    BigInteger usage = BigInteger.ZERO;
    for (Fraction line : before.values()) {
      usage = usage.add(line.rounded());
    }
    return usage;
  }

  private void fees() {
    for (Shares.Use use : uses) {
      String sku = use.commitment().node().required("sku").asText();
      add(LineKey.ofAccount("COMMITMENT_FEE", sku, use.commitment().id()), use.fee());
    }
    for (JsonNode node : account.path("monthlyFees")) {
      Agreed fee = Agreed.in(month, node);
      Fraction amount = fee.number("amountKrwPerMonth").times(fee.shareOfMonth());
      if (amount.isPositive()) {
        String name = node.hasNonNull("name") ? node.required("name").asText() : fee.id();
        add(LineKey.ofAccount("COMMITMENT_FEE", name, fee.id()), amount);
      }
    }
  }

  /** Terms of one id ask together for the sum of what each asks for its days. */
  private void trueUps(BigInteger usage) {
    Map<String, BigInteger> floors = new TreeMap<>();
    for (JsonNode node : account.path("spendCommitments")) {
      Agreed spend = Agreed.in(month, node);
      BigInteger floor = spend.number("amountKrwPerMonth").times(spend.shareOfMonth()).rounded();
      floors.merge(spend.id(), floor, BigInteger::add);
    }
    floors.forEach(
        (id, floor) -> {
          if (floor.compareTo(usage) > 0) {
            add(
                LineKey.ofAccount("TRUE_UP", id, id),
                new Fraction(floor.subtract(usage), BigInteger.ONE));
          }
        });
  }

  private void add(LineKey key, Fraction amount) {
    exact.merge(key, amount, Fraction::plus);
  }
}
