package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.rating.engine.CreditGrant;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A promotional credit of an account, for all of its tenants or for one. */
public record AccountCredit(@Nullable TenantId tenant, CreditGrant grant) {
  AccountCredit after(Map<UUID, Rational> taken) {
    Rational more = taken.get(grant.id());
    return more == null
        ? this
        : new AccountCredit(
            tenant,
            new CreditGrant(
                grant.id(),
                grant.name(),
                grant.priority(),
                grant.validFrom(),
                grant.expiresAt(),
                grant.grantedAt(),
                grant.balance().subtract(more)));
  }
}
