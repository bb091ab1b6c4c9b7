package dev.gpucloud.billing.account;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.contracts.id.TenantId;
import java.util.List;
import java.util.UUID;

/**
 * One legal entity that is charged. {@code mode} is what holds: whoever bears the operator's own
 * business number only gets a report. {@code owner} is the tenant its documents belong to.
 */
public record Account(
    UUID id,
    TenantId owner,
    String businessNumber,
    String name,
    BillingMode mode,
    List<AccountTenant> tenants) {

  /** A tenant whose usage the account pays. */
  public record AccountTenant(TenantId id, String slug, String name) {}

  /** The account with other tenants; one that it does not have now is known by its id alone. */
  Account paying(List<UUID> ids) {
    return new Account(
        id, owner, businessNumber, name, mode, ids.stream().map(this::tenantOf).toList());
  }

  private AccountTenant tenantOf(UUID tenant) {
    return tenants.stream()
        .filter(t -> t.id().value().equals(tenant))
        .findFirst()
        .orElseGet(() -> new AccountTenant(new TenantId(tenant), tenant.toString(), ""));
  }

  public List<UUID> tenantIds() {
    return tenants.stream().map(t -> t.id().value()).toList();
  }
}
