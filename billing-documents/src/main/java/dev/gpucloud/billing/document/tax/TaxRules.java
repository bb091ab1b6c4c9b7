package dev.gpucloud.billing.document.tax;

import dev.gpucloud.billing.document.invoice.Party;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Won;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What every tax document must fulfil, whatever it was made from. */
final class TaxRules {
  static final int MOST_ITEMS = 99;
  static final int LONGEST_KEY = 24;
  private static final long TENTH = 10;
  private static final String BUSINESS_NUMBER = "[0-9]{10}";

  private TaxRules() {}

  static List<Violation> violations(TaxInvoice document) {
    var found = new ArrayList<Violation>();
    if (document.key().isBlank() || document.key().length() > LONGEST_KEY) {
      found.add(new Violation("/key", "must have 1 to 24 characters"));
    }
    if (document.taxType() == TaxType.OUT_OF_SCOPE) {
      found.add(
          new Violation(
              "/taxType", "a statement that is no supply has no tax document; use its PDF"));
    }
    if (document.taxType() != TaxType.TAXED && !document.vat().equals(Won.ZERO)) {
      found.add(new Violation("/vat", "must be 0 unless the supply is taxed at 10 %"));
    }
    if (document.taxType() == TaxType.TAXED && !isTenth(document)) {
      found.add(new Violation("/vat", "must be 10 % of the supply value"));
    }
    party(found, "/supplier", document.supplier(), true);
    party(found, "/recipient", document.recipient(), false);
    if (document.items().isEmpty()) {
      found.add(new Violation("/items", "must have at least one item"));
    }
    if (document.items().size() > MOST_ITEMS) {
      found.add(new Violation("/items", "must have at most 99 items"));
    }
    sum(found, document, "/supplyValue", document.supplyValue(), TaxItem::supplyValue);
    sum(found, document, "/vat", document.vat(), TaxItem::vat);
    return List.copyOf(found);
  }

  /** To within a won, which rounding may add: prices that include VAT, and credits by rule R7. */
  private static boolean isTenth(TaxInvoice document) {
    long tenfold = Math.multiplyExact(document.vat().amount(), TENTH);
    return Math.abs(Math.subtractExact(tenfold, document.supplyValue().amount())) <= TENTH;
  }

  private static void party(List<Violation> found, String pointer, Party party, boolean needsName) {
    if (!party.digits().matches(BUSINESS_NUMBER)) {
      found.add(
          new Violation(pointer + "/businessNumber", "must be a business number of 10 digits"));
    }
    if (needsName && party.name().isBlank()) {
      found.add(new Violation(pointer + "/name", "is missing"));
    }
  }

  private static void sum(
      List<Violation> found,
      TaxInvoice document,
      String pointer,
      Won whole,
      Function<TaxItem, Won> part) {
    Won sum = document.items().stream().map(part).reduce(Won.ZERO, Won::plus);
    if (!sum.equals(whole)) {
      found.add(new Violation(pointer, "must be the sum of the items, " + sum.amount()));
    }
  }
}
