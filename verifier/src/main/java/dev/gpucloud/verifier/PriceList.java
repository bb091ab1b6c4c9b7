package dev.gpucloud.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The exported prices, discounts and terms, searched from the first entry to the last. */
final class PriceList {
  private static final Fraction HUNDRED = Fraction.of(100);

  private final JsonNode export;

  PriceList(JsonNode export) {
    this.export = export;
  }

  /** What is paid of a price, and for which reason: two alike in value are two. */
  record Percentage(String reason, Fraction value) {}

  /**
   * A price, every percentage that was applied to it, in order, and what grants leave of any price.
   */
  record Quote(
      JsonNode price,
      boolean isContract,
      String purchaseClass,
      List<Percentage> percentages,
      List<Percentage> shares) {
    /** Won an hour of the list, the contract or the first band. */
    Fraction base() {
      JsonNode first = price.at("/tiers/bands/0/priceKrw");
      JsonNode flat = price.get(isContract ? "priceKrw" : "listPriceKrw");
      return Fraction.parse((first.isMissingNode() ? flat : first).asText());
    }

    String version() {
      return price.get(isContract ? "id" : "version").asText();
    }

    /** Preemptible prices share one line whatever their version. */
    String lineVersion() {
      return purchaseClass.equals("PREEMPTIBLE") && !isContract ? "dynamic" : version();
    }

    boolean isPerInstance() {
      return price.path("unit").asText().equals("INSTANCE_HOUR");
    }
  }

  JsonNode account(String accountId) {
    for (JsonNode account : export.required("accounts")) {
      if (account.required("accountId").asText().equals(accountId)) {
        return account;
      }
    }
    return null;
  }

  /** The other accounts whose quantities count together with the account's in a month. */
  List<JsonNode> pooledWith(JsonNode account, YearMonth month) {
    String id = account.required("accountId").asText();
    Map<String, Set<String>> members = new TreeMap<>();
    for (JsonNode pool : export.path("tierPools")) {
      boolean hasBegun =
          !pool.hasNonNull("fromMonth")
              || !YearMonth.parse(pool.required("fromMonth").asText()).isAfter(month);
      if (hasBegun) {
        Set<String> accounts = new TreeSet<>();
        pool.required("accounts").forEach(member -> accounts.add(member.asText()));
        members.put(pool.required("id").asText(), accounts);
      }
    }
    Set<String> together = new TreeSet<>();
    members.values().stream().filter(all -> all.contains(id)).forEach(together::addAll);
    together.remove(id);
    List<JsonNode> others = new ArrayList<>();
    for (JsonNode other : export.required("accounts")) {
      if (together.contains(other.required("accountId").asText())) {
        others.add(other);
      }
    }
    return others;
  }

  /**
   * How the account is charged in a month: as is said of the month, else as now; whoever has the
   * operator's own number only gets a report.
   */
  String mode(JsonNode account, YearMonth month) {
    for (JsonNode held : account.path("modes")) {
      if (YearMonth.parse(held.required("month").asText()).equals(month)) {
        return held.required("mode").asText();
      }
    }
    String operator = export.at("/operator/businessNumber").asText("");
    String number = account.required("businessNumber").asText();
    return number.equals(operator) ? "SHOWBACK" : account.required("mode").asText();
  }

  /** Every millisecond at which some price, discount, term or credit begins or ends. */
  TreeSet<Long> changes(JsonNode account) {
    var changes = new TreeSet<Long>();
    export.required("prices").forEach(p -> changes.add(millis(p, "effectiveFrom")));
    export.required("discounts").forEach(d -> changes.add(millis(d, "effectiveFrom")));
    for (JsonNode tenant : account.required("tenants")) {
      for (JsonNode terms : tenant.required("terms")) {
        changes.add(millis(terms, "effectiveFrom"));
        if (terms.hasNonNull("shareEndsAt")) {
          changes.add(millis(terms, "shareEndsAt"));
        }
      }
    }
    for (JsonNode contract : account.path("contracts")) {
      addBounds(changes, contract);
    }
    changes.addAll(creditBounds(account));
    return changes;
  }

  private static void addBounds(TreeSet<Long> bounds, JsonNode agreed) {
    for (String field : List.of("from", "until")) {
      if (agreed.hasNonNull(field)) {
        bounds.add(millis(agreed, field));
      }
    }
  }

  /** Where rows of a SKU are cut whatever their price does. */
  TreeSet<Long> fixedCuts(JsonNode account, String sku, YearMonth month) {
    TreeSet<Long> cuts = creditBounds(account);
    for (JsonNode node : account.path("usageCommitments")) {
      Agreed commitment = Agreed.in(month, node);
      if (node.required("sku").asText().equals(sku)) {
        addCuts(cuts, commitment, node.path("kind").asText("HOURLY").equals("HOURLY"));
      }
    }
    for (JsonNode tenant : account.required("tenants")) {
      for (JsonNode node : tenant.path("grantShares")) {
        if (sku.startsWith(node.required("model").asText() + ".")) {
          addCuts(cuts, Agreed.in(month, node), true);
        }
      }
    }
    return cuts;
  }

  private static void addCuts(TreeSet<Long> cuts, Agreed agreed, boolean hourly) {
    if (agreed.missesTheMonth()) {
      return;
    }
    cuts.add(agreed.from());
    cuts.add(agreed.until());
    for (long hour = Agreed.hourOf(agreed.from()) + Agreed.HOUR;
        hourly && hour < agreed.until();
        hour += Agreed.HOUR) {
      cuts.add(hour);
    }
  }

  /** When credits begin and end: rows are cut there whatever the price does. */
  TreeSet<Long> creditBounds(JsonNode account) {
    var bounds = new TreeSet<Long>();
    for (JsonNode credit : account.required("credits")) {
      bounds.add(millis(credit, "validFrom"));
      if (credit.hasNonNull("expiresAt")) {
        bounds.add(millis(credit, "expiresAt"));
      }
    }
    return bounds;
  }

  /** The price of the SKU for that tenant at that millisecond, or null when there was none. */
  Quote quote(String sku, JsonNode account, JsonNode tenant, long atMillis) {
    JsonNode list = listed(sku, atMillis);
    JsonNode contract = contract(sku, account, list, atMillis);
    if (list == null && contract == null) {
      return null;
    }
    var percentages = new ArrayList<Percentage>();
    boolean isFinal = contract != null && contract.hasNonNull("sku");
    if (!isFinal) {
      addUnlessWhole(percentages, "CLASS", Fraction.parse(list.path("classPct").asText("100")));
    }
    JsonNode terms = null;
    for (JsonNode t : tenant.required("terms")) {
      if (millis(t, "effectiveFrom") <= atMillis) {
        terms = later(terms, t);
      }
    }
    var shares = new ArrayList<Percentage>();
    if (terms != null) {
      if (contract == null) {
        addDiscount(percentages, "KIND", terms.path("kind").asText(""), atMillis);
        addDiscount(percentages, "SEGMENT", terms.path("segment").asText(""), atMillis);
      }
      boolean shareHolds =
          terms.hasNonNull("customerSharePct")
              && (!terms.hasNonNull("shareEndsAt") || atMillis < millis(terms, "shareEndsAt"));
      if (shareHolds) {
        addUnlessWhole(
            shares, "SHARE", Fraction.parse(terms.required("customerSharePct").asText()));
      }
    }
    return new Quote(
        contract == null ? list : contract,
        contract != null,
        purchaseClass(sku, list),
        percentages,
        shares);
  }

  private JsonNode listed(String sku, long atMillis) {
    JsonNode price = null;
    for (JsonNode p : export.required("prices")) {
      if (p.required("sku").asText().equals(sku) && millis(p, "effectiveFrom") <= atMillis) {
        price = later(price, p);
      }
    }
    return price;
  }

  /** One that names the SKU goes before one for its item, then the one that began last. */
  private static JsonNode contract(String sku, JsonNode account, JsonNode list, long atMillis) {
    JsonNode best = null;
    for (JsonNode c : account.path("contracts")) {
      boolean ofSku = c.hasNonNull("sku");
      boolean concerns =
          ofSku
              ? c.required("sku").asText().equals(sku)
              : list != null && sku.startsWith(c.required("item").asText() + ".");
      boolean holds =
          (!c.hasNonNull("from") || millis(c, "from") <= atMillis)
              && (!c.hasNonNull("until") || atMillis < millis(c, "until"));
      if (concerns && holds && (best == null || goesBefore(c, best))) {
        best = c;
      }
    }
    return best;
  }

  private static boolean goesBefore(JsonNode a, JsonNode b) {
    if (a.hasNonNull("sku") != b.hasNonNull("sku")) {
      return a.hasNonNull("sku");
    }
    long fromA = a.hasNonNull("from") ? millis(a, "from") : Long.MIN_VALUE;
    long fromB = b.hasNonNull("from") ? millis(b, "from") : Long.MIN_VALUE;
    return fromA == fromB
        ? a.required("id").asText().compareTo(b.required("id").asText()) < 0
        : fromA > fromB;
  }

  private static String purchaseClass(String sku, JsonNode list) {
    if (list != null && list.hasNonNull("purchaseClass")) {
      return list.required("purchaseClass").asText();
    }
    String[] parts = sku.split("\\.");
    return parts[parts.length - 2].toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private void addDiscount(List<Percentage> percentages, String scope, String name, long atMillis) {
    JsonNode discount = null;
    for (JsonNode d : export.required("discounts")) {
      if (d.required("scope").asText().equals(scope)
          && d.required("name").asText().equals(name)
          && millis(d, "effectiveFrom") <= atMillis) {
        discount = later(discount, d);
      }
    }
    if (discount != null) {
      Fraction off = Fraction.parse(discount.required("pct").asText());
      addUnlessWhole(percentages, scope + " " + name, HUNDRED.minus(off));
    }
  }

  private static void addUnlessWhole(
      List<Percentage> percentages, String reason, Fraction percentage) {
    if (!percentage.equals(HUNDRED)) {
      percentages.add(new Percentage(reason, percentage));
    }
  }

  private static JsonNode later(JsonNode a, JsonNode b) {
    return a == null || millis(b, "effectiveFrom") > millis(a, "effectiveFrom") ? b : a;
  }

  static long millis(JsonNode node, String field) {
    return Instant.parse(node.required(field).asText()).toEpochMilli();
  }
}
