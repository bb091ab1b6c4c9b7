package dev.gpucloud.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Holds an invoice against what it should be, and says each place where it differs. */
final class Comparison {
  private final JsonNode invoice;
  private final List<String> differences;

  Comparison(JsonNode invoice, List<String> differences) {
    this.invoice = invoice;
    this.differences = differences;
  }

  /** Answers the total that the invoice should have. */
  String with(
      ExpectedMonth expected,
      Map<LineKey, Fraction> corrections,
      PriceList prices,
      JsonNode account,
      YearMonth month) {
    Map<LineKey, Fraction> exact = new LinkedHashMap<>();
    Map<LineKey, Fraction> all = new LinkedHashMap<>(expected.exact());
    all.putAll(corrections);
    for (JsonNode line : invoice.required("lines")) {
      LineKey key = LineKey.of(line);
      if (all.containsKey(key)) {
        exact.put(key, all.get(key));
      }
    }
    all.forEach(exact::putIfAbsent);
    var document = new ExpectedDocument(exact, prices, account, month);
    lines(exact, document);
    rows(expected.parts());
    commitments(expected.uses());
    BigInteger total = document.supply().add(document.vat());
    same("supplyValue", invoice.at("/supplyValue/amount"), document.supply().toString());
    same("vat", invoice.at("/vat/amount"), document.vat().toString());
    same("total", invoice.at("/total/amount"), total.toString());
    return total.toString();
  }

  private void lines(Map<LineKey, Fraction> exact, ExpectedDocument document) {
    var missing = new LinkedHashMap<>(exact);
    int number = 0;
    for (JsonNode line : invoice.required("lines")) {
      LineKey key = LineKey.of(line);
      String where = "line " + ++number + " (" + key + ")";
      same(where + " lineNumber", line.path("lineNumber"), Integer.toString(number));
      Fraction amount = missing.remove(key);
      if (amount == null) {
        differences.add(where + ": on the invoice, but nothing was used for it");
        continue;
      }
      same(where + " amount", line.at("/amount/amount"), amount.rounded().toString());
      same(where + " supply", line.at("/supply/amount"), document.supply(key).toString());
      same(where + " vat", line.at("/vat/amount"), document.vat(key).toString());
      same(where + " taxType", line.path("taxType"), document.taxType(key));
      fraction(where + " exactFraction", line.required("exactFraction"), amount);
      decimal(where + " exactAmount", line.path("exactAmount"), amount);
      Fraction rounding = new Fraction(amount.rounded(), BigInteger.ONE).minus(amount);
      fraction(where + " roundingFraction", line.path("roundingFraction"), rounding);
      decimal(where + " roundingAmount", line.path("roundingAmount"), rounding);
      breakdown(where, line, amount);
    }
    missing.forEach(
        (key, amount) ->
            differences.add(
                "line (%s): not on the invoice, %s won recomputed"
                    .formatted(key, amount.rounded())));
  }

  /** The rows below a correction say what it comes to; other rows are compared one by one. */
  private void breakdown(String where, JsonNode line, Fraction amount) {
    JsonNode details = line.path("details");
    if (!LineKey.of(line).isCorrection() || details.isEmpty()) {
      return;
    }
    Fraction sum = Fraction.ZERO;
    for (JsonNode detail : details) {
      Fraction exact = Fraction.parse(detail.required("exactFraction").asText());
      decimal(where + " " + key(detail) + " exactAmount", detail.path("exactAmount"), exact);
      sum = sum.plus(exact);
    }
    if (!sum.equals(amount)) {
      differences.add("%s: its rows sum to %s, %s recomputed".formatted(where, sum, amount));
    }
  }

  private void rows(List<ExpectedPart> parts) {
    var expected = new LinkedHashMap<String, List<ExpectedPart>>();
    parts.forEach(p -> expected.computeIfAbsent(p.key(), k -> new ArrayList<>()).add(p));
    for (JsonNode line : invoice.required("lines")) {
      if (!LineKey.of(line).isCorrection()) {
        line.required("details").forEach(detail -> row(detail, expected));
      }
    }
    expected.forEach(
        (key, left) -> left.forEach(p -> differences.add(key + ": not on the invoice")));
  }

  private void row(JsonNode detail, Map<String, List<ExpectedPart>> expected) {
    String key = key(detail);
    List<ExpectedPart> alike = expected.getOrDefault(key, new ArrayList<>());
    if (alike.isEmpty()) {
      differences.add(key + ": on the invoice, but not among the events");
      return;
    }
    ExpectedPart part = take(alike, Fraction.parse(detail.required("exactFraction").asText()));
    if (!Fraction.parse(detail.required("exactFraction").asText()).equals(part.net())) {
      differences.add(
          "%s: %s won on the invoice, %s recomputed"
              .formatted(key, detail.required("exactFraction").asText(), part.net()));
    }
    Fraction seconds = Fraction.of(part.row.billedMillis()).over(Fraction.of(1000));
    if (!Fraction.parse(detail.required("billedSeconds").asText()).equals(seconds)) {
      differences.add(
          "%s: %s s on the invoice, %s recomputed"
              .formatted(key, detail.required("billedSeconds").asText(), seconds));
    }
    Fraction padding = Fraction.of(part.row.paddingMillis).over(Fraction.of(1000));
    fraction(key + " paddingSeconds", detail.path("paddingSeconds"), padding);
    if (detail.hasNonNull("end") && PriceList.millis(detail, "end") != part.row.endMillis) {
      differs(
          key + " end",
          detail.required("end"),
          Instant.ofEpochMilli(part.row.endMillis).toString());
    }
    same(key + " priceVersion", detail.path("priceVersion"), part.priceVersion());
    Fraction base = part.isCovered() ? Fraction.ZERO : part.base;
    decimal(key + " basePrice", detail.path("basePrice"), base);
    decimal(key + " unitPrice", detail.path("unitPrice"), unitPrice(part));
    decimal(key + " ratedAmount", detail.path("ratedAmount"), part.gross());
    decimal(key + " creditAmount", detail.path("creditAmount"), part.credited);
    decimal(key + " exactAmount", detail.path("exactAmount"), part.net());
  }

  private static Fraction unitPrice(ExpectedPart part) {
    return part.isCovered() ? Fraction.ZERO : part.perUnitHour();
  }

  /** Two shares of a row may be alike but for what they cost. */
  private static ExpectedPart take(List<ExpectedPart> alike, Fraction said) {
    for (ExpectedPart part : alike) {
      if (part.net().equals(said)) {
        alike.remove(part);
        return part;
      }
    }
    return alike.removeFirst();
  }

  private static String key(JsonNode detail) {
    Instant start = Instant.ofEpochMilli(PriceList.millis(detail, "start"));
    String key = detail.required("runId").asText() + " from " + start;
    String category = detail.path("category").asText("USAGE");
    Fraction share = Fraction.parse(detail.path("shareFraction").asText("1"));
    return ExpectedPart.key(key, share, category, detail.path("coveredBy").asText(""));
  }

  private void commitments(List<Shares.Use> uses) {
    var missing = new ArrayList<>(uses);
    for (JsonNode said : invoice.path("commitments")) {
      String where = "commitment " + said.required("id").asText();
      Shares.Use use = take(missing, said);
      if (use == null) {
        differences.add(where + ": on the invoice, but not agreed");
        continue;
      }
      decimal(where + " committedHours", said.path("committedHours"), use.committed());
      decimal(where + " usedHours", said.path("usedHours"), use.used());
      decimal(where + " fee", said.path("fee"), use.fee());
      Fraction price = use.commitment().number("priceKrw");
      decimal(where + " effective", said.path("effective"), use.used().times(price));
      Fraction unused = use.committed().minus(use.used()).times(price);
      decimal(where + " unused", said.path("unused"), unused);
    }
    if (invoice.path("commitments").isArray()) {
      missing.forEach(
          use -> differences.add("commitment " + use.commitment().id() + ": not on the invoice"));
    }
  }

  private static Shares.Use take(List<Shares.Use> uses, JsonNode said) {
    for (Shares.Use use : uses) {
      if (use.commitment().id().equals(said.required("id").asText())) {
        uses.remove(use);
        return use;
      }
    }
    return null;
  }

  // ---- single values; what an invoice does not say is not compared

  private void same(String where, JsonNode said, String expected) {
    if (!said.isMissingNode() && !said.asText().equals(expected)) {
      differs(where, said, expected);
    }
  }

  private void fraction(String where, JsonNode said, Fraction expected) {
    if (!said.isMissingNode() && !Fraction.parse(said.asText()).equals(expected)) {
      differs(where, said, expected.toString());
    }
  }

  private void decimal(String where, JsonNode said, Fraction expected) {
    if (!said.isMissingNode() && new BigDecimal(said.asText()).compareTo(expected.decimal()) != 0) {
      differs(where, said, expected.decimal().toPlainString());
    }
  }

  private void differs(String where, JsonNode said, String expected) {
    differences.add(
        "%s: %s on the invoice, %s recomputed".formatted(where, said.asText(), expected));
  }
}
