package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.rating.engine.PriceVersion;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Notes what is agreed for a SKU that has no price: it would silently do nothing. */
final class KnownSkus {
  private final Set<String> listed = new HashSet<>();

  KnownSkus(Collection<PriceVersion> prices) {
    prices.forEach(p -> listed.add(p.sku()));
  }

  void check(Fields account) {
    Set<String> known = new HashSet<>(listed);
    List<Said> contracts = account.said("contracts");
    contracts.forEach(each -> known.add(each.of("sku")));
    for (Said contract : contracts) {
      String item = contract.of("item");
      if (!item.isEmpty() && listed.stream().noneMatch(sku -> sku.startsWith(item + "."))) {
        contract.wrong(
            "item",
            "no price is for item %s; one for an item needs the SKU's list price".formatted(item));
      }
    }
    for (String list : List.of("usageCommitments", "taxTypes", "taxations")) {
      account.said(list).forEach(each -> check(each, known));
    }
    account.said("monthlyFees").forEach(fee -> known.add(nameOf(fee)));
    account.said("slaCredits").forEach(each -> check(each, known));
  }

  private static void check(Said each, Set<String> known) {
    String sku = each.of("sku");
    if (!sku.isEmpty() && !known.contains(sku)) {
      each.wrong("sku", "no price is for SKU " + sku);
    }
  }

  private static String nameOf(Said fee) {
    return fee.of("name").isEmpty() ? fee.of("id") : fee.of("name");
  }
}
