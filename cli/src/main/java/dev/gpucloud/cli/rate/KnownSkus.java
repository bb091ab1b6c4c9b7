package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.correction.engine.SlaCredit;
import dev.gpucloud.billing.rating.engine.ContractPrice;
import dev.gpucloud.billing.rating.engine.PriceVersion;
import dev.gpucloud.billing.statement.engine.AccountTerms;
import dev.gpucloud.billing.statement.engine.MonthlyFee;
import dev.gpucloud.billing.statement.engine.Taxation;
import dev.gpucloud.billing.statement.engine.UsageCommitment;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Notes what is agreed for a SKU that has no price: it would silently do nothing. */
final class KnownSkus {
  private final Set<String> listed = new HashSet<>();

  KnownSkus(Collection<PriceVersion> prices) {
    prices.forEach(p -> listed.add(p.sku()));
  }

  void check(Fields account, AccountTerms terms, Corrected corrected) {
    Set<String> known = new HashSet<>(listed);
    for (ContractPrice contract : terms.contracts()) {
      if (contract.sku() != null) {
        known.add(contract.sku());
      } else if (listed.stream().noneMatch(sku -> sku.startsWith(contract.item() + "."))) {
        account.wrong(
            "contracts",
            "%s: no price is for item %s; one for an item needs the SKU's list price"
                .formatted(contract.id(), contract.item()));
      }
    }
    for (UsageCommitment commitment : terms.usageCommitments()) {
      if (!known.contains(commitment.sku())) {
        account.wrong("usageCommitments", unknown(commitment.id(), commitment.sku()));
      }
    }
    for (String sku : new TreeSet<>(terms.taxation().ofSkus().keySet())) {
      if (!known.contains(sku)) {
        account.wrong("taxTypes", "no price is for SKU " + sku);
      }
    }
    for (Taxation.Agreed taxation : terms.taxation().agreed()) {
      if (taxation.sku() != null && !known.contains(taxation.sku())) {
        account.wrong("taxations", unknown(taxation.id(), taxation.sku()));
      }
    }
    List<String> fees = terms.fees().stream().map(MonthlyFee::name).toList();
    for (SlaCredit credit : corrected.slaCredits()) {
      if (credit.sku() != null && !known.contains(credit.sku()) && !fees.contains(credit.sku())) {
        account.wrong("slaCredits", unknown(credit.id(), credit.sku()));
      }
    }
  }

  private static String unknown(String id, String sku) {
    return "%s: no price is for SKU %s".formatted(id, sku);
  }
}
