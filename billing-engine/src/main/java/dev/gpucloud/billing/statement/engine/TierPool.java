package dev.gpucloud.billing.statement.engine;

import java.util.Set;

/**
 * Accounts whose quantities count together for tiers. An account is in one pool at most; one that
 * is in none counts by itself.
 */
public record TierPool(String id, Set<String> accounts) {
  public TierPool {
    accounts = Set.copyOf(accounts);
  }
}
