package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.rating.engine.RateCard;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prices, and what is agreed with each customer. */
public record PriceBook(
    RateCard rateCard, Map<String, AccountTerms> accounts, List<TierPool> pools) {
  public PriceBook {
    accounts = Map.copyOf(accounts);
    pools = List.copyOf(pools);
  }

  public static PriceBook of(RateCard card, List<AccountTerms> accounts, List<TierPool> pools) {
    return new PriceBook(
        card,
        accounts.stream().collect(Collectors.toMap(AccountTerms::id, Function.identity())),
        pools);
  }

  /** The same with other terms of one account. */
  public PriceBook with(AccountTerms account) {
    var all = new HashMap<>(accounts);
    all.put(account.id(), account);
    return new PriceBook(rateCard, all, pools);
  }

  /** The accounts whose quantities count for this one's tiers, itself included. */
  Set<String> pooledWith(String account) {
    return pools.stream()
        .map(TierPool::accounts)
        .filter(accountsOfPool -> accountsOfPool.contains(account))
        .findFirst()
        .orElse(Set.of(account));
  }
}
