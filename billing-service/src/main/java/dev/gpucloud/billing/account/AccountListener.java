package dev.gpucloud.billing.account;

import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.kit.access.ReferenceListener;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.hibernate.reactive.mutiny.Mutiny;

/** Builds billing accounts, terms and credits from what tenant-service says about a tenant. */
@ApplicationScoped
class AccountListener implements ReferenceListener {
  private final AccountRepository accounts;

  AccountListener(AccountRepository accounts) {
    this.accounts = accounts;
  }

  @Override
  public Uni<Void> onTenant(Mutiny.Session s, TenantFact fact) {
    return accounts
        .keepTerms(s, fact)
        .chain(() -> accounts.keepAccount(s, fact))
        .chain(() -> accounts.keepCredit(s, fact));
  }
}
