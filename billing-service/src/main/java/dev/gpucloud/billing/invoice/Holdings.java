package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.close.ReadinessRepository;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.event.ClosingFact.Blocker;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.access.TenantHolder;
import dev.gpucloud.kit.clock.Business;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * What billing still holds of a tenant: usage that no invoice has yet, and invoices that are not
 * issued of the months up to its last use. Of an account that others use as well, only its own part
 * counts. A tenant without an account is billed nothing.
 */
@ApplicationScoped
class Holdings implements TenantHolder {
  private final AccountRepository accounts;
  private final ReadinessRepository readiness;
  private final InstantSource clock;

  Holdings(
      AccountRepository accounts, ReadinessRepository readiness, @Business InstantSource clock) {
    this.accounts = accounts;
    this.readiness = readiness;
    this.clock = clock;
  }

  @Override
  public String topic() {
    return Topics.BILLING_CLOSINGS;
  }

  @Override
  public String type() {
    return EventTypes.BILLING_CLOSING_REPORTED;
  }

  @Override
  public Uni<List<Blocker>> holds(Mutiny.Session s, TenantFact tenant) {
    return accounts
        .findByTenant(s, tenant.tenantId())
        .chain(
            found ->
                found.isEmpty()
                    ? Uni.createFrom().item(List.of())
                    : holds(s, ownPart(found.get(), tenant)));
  }

  private static Account ownPart(Account account, TenantFact tenant) {
    return new Account(
        account.id(),
        account.owner(),
        account.businessNumber(),
        account.name(),
        account.mode(),
        account.tenants().stream().filter(t -> t.id().equals(tenant.tenantId())).toList());
  }

  private Uni<List<Blocker>> holds(Mutiny.Session s, Account own) {
    List<Blocker> left = new ArrayList<>();
    BillingMonth next = BillingMonth.of(clock.instant()).next();
    return readiness
        .parked(s, own.tenantIds())
        .invoke(
            parked -> {
              if (!parked.isEmpty()) {
                left.add(new Blocker("PARKED_EVENTS", "Usage waits for events that are missing."));
              }
            })
        .chain(() -> readiness.earlierOpenMonths(s, List.of(own), next))
        .invoke(
            open ->
                open.values()
                    .forEach(
                        m ->
                            left.add(
                                new Blocker(
                                    "UNBILLED_USAGE",
                                    "The usage of " + m + " has no invoice yet."))))
        .chain(() -> openInvoices(s, own))
        .invoke(left::addAll)
        .replaceWith(left);
  }

  private Uni<List<Blocker>> openInvoices(Mutiny.Session s, Account own) {
    return Rows.select(
            s,
            """
            select month, state from invoice
            where account_id = ?1 and state <> 'ISSUED' and month <= (
              select to_char(max(coalesce(ended_at, ?3)) at time zone 'Asia/Seoul', 'YYYY-MM')
              from run where tenant_id = any (cast(string_to_array(?2, ',') as uuid[])))
            order by month""",
            own.id(),
            Rows.param(own.tenantIds()),
            Rows.param(clock.instant()))
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Blocker(
                                "OPEN_INVOICE",
                                "The invoice of %s is %s and not issued."
                                    .formatted(row.text(0), row.text(1))))
                    .toList());
  }
}
