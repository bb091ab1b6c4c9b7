package dev.gpucloud.billing.agreement;

import dev.gpucloud.billing.price.PriceRepository.StoredPrice;
import dev.gpucloud.billing.rating.engine.ContractPrice;
import dev.gpucloud.billing.rating.engine.PriceUnit;
import dev.gpucloud.billing.statement.engine.MonthlyFee;
import dev.gpucloud.billing.statement.engine.SpendCommitment;
import dev.gpucloud.billing.statement.engine.Taxation;
import dev.gpucloud.billing.statement.engine.UsageCommitment;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Agreements as the engine wants them; the unit of a contract's price is that of the list. */
public record Agreements(List<Agreement> all, List<StoredPrice> prices) {

  /** Those of one account. */
  public List<Agreement> of(UUID account) {
    return all.stream().filter(a -> a.account().equals(account)).toList();
  }

  public List<ContractPrice> contracts(List<Agreement> these) {
    return these.stream()
        .filter(a -> a.kind() == Agreement.Kind.CONTRACT_PRICE)
        .map(a -> a.terms().contractPrice(a.reference(), a.term(), unit(a.terms())))
        .toList();
  }

  /** How what the terms name is sold. */
  public PriceUnit unit(AgreementTerms terms) {
    return prices.stream()
        .filter(p -> p.price().sku().equals(terms.sku()) || Objects.equals(p.item(), terms.item()))
        .map(p -> p.price().unit())
        .findFirst()
        .orElse(PriceUnit.GPU_HOUR);
  }

  public static List<UsageCommitment> usageCommitments(List<Agreement> these) {
    return these.stream()
        .filter(a -> a.kind() == Agreement.Kind.USAGE_COMMITMENT)
        .map(a -> a.terms().usageCommitment(a.reference(), a.term()))
        .toList();
  }

  public static List<SpendCommitment> spendCommitments(List<Agreement> these) {
    return these.stream()
        .filter(a -> a.kind() == Agreement.Kind.SPEND_COMMITMENT)
        .map(a -> a.terms().spendCommitment(a.reference(), a.term()))
        .toList();
  }

  /** How the account's documents are taxed: as usual but for the terms agreed of it and of SKUs. */
  public static Taxation taxation(List<Agreement> these) {
    return Taxation.of(
        these.stream()
            .filter(a -> a.kind() == Agreement.Kind.TAXATION)
            .map(a -> a.terms().taxation(a.reference(), a.term()))
            .toList());
  }

  public static List<MonthlyFee> monthlyFees(List<Agreement> these) {
    return these.stream()
        .filter(a -> a.kind() == Agreement.Kind.MONTHLY_FEE)
        .map(a -> a.terms().monthlyFee(a.reference(), a.term()))
        .toList();
  }
}
