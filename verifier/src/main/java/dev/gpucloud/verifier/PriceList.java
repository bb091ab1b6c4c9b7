package dev.gpucloud.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The exported prices, discounts and terms, searched from the first entry to the last. */
final class PriceList {
  private static final Fraction HUNDRED = Fraction.of(100);

  private final JsonNode export;

  PriceList(JsonNode export) {
    this.export = export;
  }

  /** A price and every percentage that was applied to it, in order. */
  record Quote(JsonNode price, List<Fraction> percentages) {
    Fraction perUnitHour() {
      Fraction won = Fraction.parse(price.get("listPriceKrw").asText());
      for (Fraction percentage : percentages) {
        won = won.times(percentage).over(HUNDRED);
      }
      return won;
    }

    String version() {
      return price.get("version").asText();
    }

    /** Preemptible prices share one line whatever their version. */
    String lineVersion() {
      return price.get("purchaseClass").asText().equals("PREEMPTIBLE") ? "dynamic" : version();
    }
  }

  JsonNode account(String accountId) {
    for (JsonNode account : export.get("accounts")) {
      if (account.get("accountId").asText().equals(accountId)) {
        return account;
      }
    }
    return null;
  }

  /** Whether other accounts' quantities decide the price. */
  boolean isPooled(JsonNode account) {
    for (JsonNode pool : export.path("tierPools")) {
      for (JsonNode member : pool.path("accounts")) {
        if (member.asText().equals(account.get("accountId").asText())) {
          return true;
        }
      }
    }
    return false;
  }

  /** How the account is charged; whoever has the operator's own number only gets a report. */
  String mode(JsonNode account) {
    String operator = export.at("/operator/businessNumber").asText("");
    String number = account.get("businessNumber").asText();
    return number.equals(operator) ? "SHOWBACK" : account.get("mode").asText();
  }

  /** Every millisecond at which some price, discount, term or credit begins or ends. */
  TreeSet<Long> changes(JsonNode account) {
    var changes = new TreeSet<Long>();
    export.get("prices").forEach(p -> changes.add(millis(p, "effectiveFrom")));
    export.get("discounts").forEach(d -> changes.add(millis(d, "effectiveFrom")));
    for (JsonNode tenant : account.get("tenants")) {
      for (JsonNode terms : tenant.get("terms")) {
        changes.add(millis(terms, "effectiveFrom"));
        if (terms.hasNonNull("shareEndsAt")) {
          changes.add(millis(terms, "shareEndsAt"));
        }
      }
    }
    changes.addAll(creditBounds(account));
    return changes;
  }

  /** When credits begin and end: rows are cut there whatever the price does. */
  TreeSet<Long> creditBounds(JsonNode account) {
    var bounds = new TreeSet<Long>();
    for (JsonNode credit : account.get("credits")) {
      bounds.add(millis(credit, "validFrom"));
      if (credit.hasNonNull("expiresAt")) {
        bounds.add(millis(credit, "expiresAt"));
      }
    }
    return bounds;
  }

  /** The price of the SKU for that tenant at that millisecond, or null when there was none. */
  Quote quote(String sku, JsonNode tenant, long atMillis) {
    JsonNode price = null;
    for (JsonNode p : export.get("prices")) {
      if (p.get("sku").asText().equals(sku) && millis(p, "effectiveFrom") <= atMillis) {
        price = later(price, p);
      }
    }
    if (price == null) {
      return null;
    }
    var percentages = new ArrayList<Fraction>();
    addUnlessWhole(percentages, Fraction.parse(price.get("classPct").asText()));
    JsonNode terms = null;
    for (JsonNode t : tenant.get("terms")) {
      if (millis(t, "effectiveFrom") <= atMillis) {
        terms = later(terms, t);
      }
    }
    if (terms != null) {
      addDiscount(percentages, "KIND", terms.path("kind").asText(""), atMillis);
      addDiscount(percentages, "SEGMENT", terms.path("segment").asText(""), atMillis);
      boolean shareHolds =
          terms.hasNonNull("customerSharePct")
              && (!terms.hasNonNull("shareEndsAt") || atMillis < millis(terms, "shareEndsAt"));
      if (shareHolds) {
        addUnlessWhole(percentages, Fraction.parse(terms.get("customerSharePct").asText()));
      }
    }
    return new Quote(price, percentages);
  }

  private void addDiscount(List<Fraction> percentages, String scope, String name, long atMillis) {
    JsonNode discount = null;
    for (JsonNode d : export.get("discounts")) {
      if (d.get("scope").asText().equals(scope)
          && d.get("name").asText().equals(name)
          && millis(d, "effectiveFrom") <= atMillis) {
        discount = later(discount, d);
      }
    }
    if (discount != null) {
      addUnlessWhole(percentages, HUNDRED.minus(Fraction.parse(discount.get("pct").asText())));
    }
  }

  private static void addUnlessWhole(List<Fraction> percentages, Fraction percentage) {
    if (!percentage.equals(HUNDRED)) {
      percentages.add(percentage);
    }
  }

  private static JsonNode later(JsonNode a, JsonNode b) {
    return a == null || millis(b, "effectiveFrom") > millis(a, "effectiveFrom") ? b : a;
  }

  static long millis(JsonNode node, String field) {
    return Instant.parse(node.get(field).asText()).toEpochMilli();
  }
}
