package dev.gpucloud.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Supply value and VAT of lines in whole won, by tax type; what each line shows of them by largest
 * remainder, ties to the line that comes first.
 */
final class ExpectedDocument {
  private static final String TAXED = "TAXED";

  private final PriceList prices;
  private final JsonNode account;
  private final YearMonth month;
  private final Map<LineKey, BigInteger> supplies = new LinkedHashMap<>();
  private final Map<LineKey, BigInteger> vats = new LinkedHashMap<>();

  /** The lines in their order on the document. */
  ExpectedDocument(
      Map<LineKey, Fraction> lines, PriceList prices, JsonNode account, YearMonth month) {
    this.prices = prices;
    this.account = account;
    this.month = month;
    Map<String, List<LineKey>> byType = new LinkedHashMap<>();
    lines
        .keySet()
        .forEach(key -> byType.computeIfAbsent(taxType(key), t -> new ArrayList<>()).add(key));
    byType.forEach(
        (type, keys) -> {
          List<BigInteger> amounts = keys.stream().map(k -> lines.get(k).rounded()).toList();
          if (!type.equals(TAXED)) {
            put(keys, amounts, amounts.stream().map(a -> BigInteger.ZERO).toList());
          } else if (account.path("pricesIncludeVat").asBoolean()) {
            inclusive(keys, amounts);
          } else {
            BigInteger vat = sum(amounts).divide(BigInteger.TEN);
            put(keys, amounts, shares(amounts, Fraction.of(10), vat));
          }
        });
  }

  private void inclusive(List<LineKey> keys, List<BigInteger> amounts) {
    Fraction ratio = Fraction.parse("11/10");
    BigInteger supply = new Fraction(sum(amounts), BigInteger.ONE).over(ratio).rounded();
    List<BigInteger> of = shares(amounts, ratio, supply);
    var rest = new ArrayList<BigInteger>();
    for (int i = 0; i < of.size(); i++) {
      rest.add(amounts.get(i).subtract(of.get(i)));
    }
    put(keys, of, rest);
  }

  private void put(List<LineKey> keys, List<BigInteger> supply, List<BigInteger> vat) {
    for (int i = 0; i < keys.size(); i++) {
      supplies.put(keys.get(i), supply.get(i));
      vats.put(keys.get(i), vat.get(i));
    }
  }

  /** Amounts over a divisor in whole won that sum to {@code whole}; acts on its magnitude. */
  private static List<BigInteger> shares(
      List<BigInteger> amounts, Fraction divisor, BigInteger whole) {
    boolean negative = sum(amounts).signum() < 0;
    BigInteger sign = BigInteger.valueOf(negative ? -1 : 1);
    var shares = new ArrayList<BigInteger>();
    var remainders = new ArrayList<Fraction>();
    for (BigInteger amount : amounts) {
      Fraction exact = new Fraction(amount.multiply(sign), BigInteger.ONE).over(divisor);
      BigInteger floor = exact.floor();
      shares.add(floor);
      remainders.add(exact.minus(new Fraction(floor, BigInteger.ONE)));
    }
    BigInteger missing = whole.multiply(sign).subtract(sum(shares));
    for (; missing.signum() > 0; missing = missing.subtract(BigInteger.ONE)) {
      int largest = 0;
      for (int i = 1; i < shares.size(); i++) {
        if (remainders.get(i).minus(remainders.get(largest)).isPositive()) {
          largest = i;
        }
      }
      shares.set(largest, shares.get(largest).add(BigInteger.ONE));
      remainders.set(largest, Fraction.of(-1));
    }
    return shares.stream().map(share -> share.multiply(sign)).toList();
  }

  private static BigInteger sum(Iterable<BigInteger> amounts) {
    BigInteger sum = BigInteger.ZERO;
    for (BigInteger amount : amounts) {
      sum = sum.add(amount);
    }
    return sum;
  }

  /** A line's tax type at its document's write date, the last day of its month. */
  String taxType(LineKey key) {
    YearMonth of = key.isCorrection() ? YearMonth.parse(key.correctedMonth()) : month;
    String mode = prices.mode(account, of);
    if (!mode.equals("EXTERNAL") && !mode.equals("GROUP_SERVICE")) {
      return "OUT_OF_SCOPE";
    }
    Optional<String> agreedOfSku = agreedTaxType(of, key.sku());
    if (agreedOfSku.isPresent()) {
      return agreedOfSku.get();
    }
    Optional<String> agreed = agreedTaxType(of, "");
    String type = agreed.orElseGet(() -> account.path("taxType").asText(TAXED));
    for (JsonNode own : account.path("taxTypes")) {
      if (own.required("sku").asText().equals(key.sku())) {
        type = own.required("taxType").asText();
      }
    }
    boolean evident = agreed.filter("ZERO_RATED"::equals).isPresent() || hasEvidence(of);
    return type.equals("ZERO_RATED") && !evident ? TAXED : type;
  }

  /** What is agreed of a SKU, or of the account, for the write date of a month's document. */
  private Optional<String> agreedTaxType(YearMonth of, String sku) {
    for (JsonNode each : account.path("taxations")) {
      if (each.path("sku").asText("").equals(sku) && holdsAtWriteDate(of, each)) {
        return Optional.of(each.required("taxType").asText());
      }
    }
    return Optional.empty();
  }

  private boolean hasEvidence(YearMonth of) {
    JsonNode evidence = account.path("zeroRatingEvidence");
    return evidence.isObject() && holdsAtWriteDate(of, evidence);
  }

  private static boolean holdsAtWriteDate(YearMonth of, JsonNode term) {
    return Agreed.in(of, term).holdsAt(Agreed.startOf(of.plusMonths(1)) - 1);
  }

  BigInteger supply(LineKey key) {
    return supplies.get(key);
  }

  BigInteger vat(LineKey key) {
    return vats.get(key);
  }

  BigInteger supply() {
    return sum(supplies.values());
  }

  BigInteger vat() {
    return sum(vats.values());
  }
}
