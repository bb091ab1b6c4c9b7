package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.rating.engine.ContractPrice;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** All that is agreed with one legal entity. */
public record AccountTerms(
    String id,
    BillingMode mode,
    Taxation taxation,
    Map<TenantId, Timeline<Terms>> tenants,
    List<ContractPrice> contracts,
    List<UsageCommitment> usageCommitments,
    List<GrantShare> grantShares,
    List<SpendCommitment> spendCommitments,
    List<MonthlyFee> fees,
    List<AccountCredit> credits,
    List<PrepaidCredit> prepaid) {

  public AccountTerms {
    tenants = Map.copyOf(tenants);
    contracts = List.copyOf(contracts);
    usageCommitments = List.copyOf(usageCommitments);
    grantShares = List.copyOf(grantShares);
    spendCommitments = List.copyOf(spendCommitments);
    fees = List.copyOf(fees);
    credits = List.copyOf(credits);
    prepaid = List.copyOf(prepaid);
  }

  /** The tax type of a month's document, which is written on the month's last day. */
  TaxType taxTypeIn(BillingMonth month) {
    return taxation.typeAt(mode, writeDate(month));
  }

  /** The tax type of a SKU's lines in that document. */
  TaxType taxTypeIn(BillingMonth month, String sku) {
    return taxation.typeAt(mode, writeDate(month), sku);
  }

  private static Instant writeDate(BillingMonth month) {
    return month.end().minusMillis(1);
  }

  /** The same without credits that were given later: they do not reach back into a closed month. */
  public AccountTerms creditedBy(Instant closedAt) {
    return with(credits.stream().filter(c -> !c.grant().grantedAt().isAfter(closedAt)).toList());
  }

  /** The same when more was taken of some credits, by their ids; a negative amount gives back. */
  public AccountTerms afterCredits(Map<UUID, Rational> taken) {
    return with(credits.stream().map(credit -> credit.after(taken)).toList());
  }

  private AccountTerms with(List<AccountCredit> others) {
    return new AccountTerms(
        id,
        mode,
        taxation,
        tenants,
        contracts,
        usageCommitments,
        grantShares,
        spendCommitments,
        fees,
        others,
        prepaid);
  }
}
