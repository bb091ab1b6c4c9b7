package dev.gpucloud.billing.close;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.InventoryClient.Position;
import dev.gpucloud.billing.close.engine.Check;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.rating.engine.Rating;
import dev.gpucloud.billing.statement.StatementService;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.access.TenantRef;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What must be true before a month is rated into a draft. Everything that could still change the
 * invoice is a finding; inventory's own word is asked last, outside any transaction.
 */
@ApplicationScoped
public class Readiness {
  private static final Logger LOG = Logger.getLogger(Readiness.class);
  private static final int MOST_FINDINGS = 10_000;

  private final Transactions transactions;
  private final ReadinessRepository repository;
  private final StatementService statements;
  private final InventoryClient inventory;
  private final WaiverRepository waivers;
  private final InstantSource clock;

  Readiness(
      Transactions transactions,
      ReadinessRepository repository,
      StatementService statements,
      @RestClient InventoryClient inventory,
      WaiverRepository waivers,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.repository = repository;
    this.statements = statements;
    this.inventory = inventory;
    this.waivers = waivers;
    this.clock = clock;
  }

  /** Everything that stands against a draft and that nobody waived. */
  public Uni<List<Finding>> check(Account account, BillingMonth month) {
    return transactions
        .asPlatform(s -> repository.closed(s, month))
        .chain(
            closed ->
                closed.isEmpty() ? findings(account, month, true) : Uni.createFrom().item(closed))
        .chain(
            found ->
                transactions
                    .asPlatform(s -> waivers.confirmed(s, account.id(), month))
                    .map(waived -> found.stream().filter(f -> !waived.contains(f.key())).toList()));
  }

  /**
   * Every finding, waived or not.
   *
   * @param priced whether the month is rated to find what has no price, which costs time
   */
  Uni<List<Finding>> findings(Account account, BillingMonth month, boolean priced) {
    if (clock.instant().isBefore(month.end())) {
      return Uni.createFrom()
          .item(
              List.of(
                  new Finding(
                      Check.MONTH_NOT_ENDED,
                      month.toString(),
                      month + " ends at " + month.end() + ".",
                      Map.of("endsAt", month.end().toString()))));
    }
    return transactions
        .asPlatform(s -> own(s, account, month))
        .chain(own -> priced ? priced(account, month, own) : Uni.createFrom().item(own))
        .chain(own -> reconciled(account, month, own));
  }

  private Uni<List<Finding>> own(Mutiny.Session s, Account account, BillingMonth month) {
    var all = new ArrayList<Finding>();
    return repository
        .runsWithoutProof(s, account, month)
        .invoke(all::addAll)
        .chain(() -> repository.parked(s, account))
        .invoke(all::addAll)
        .replaceWith(all);
  }

  private Uni<List<Finding>> priced(Account account, BillingMonth month, List<Finding> before) {
    return transactions
        .asPlatform(
            s ->
                statements
                    .load(s, account, month)
                    .chain(
                        inputs ->
                            inputs.hasBalance()
                                ? repository
                                    .earlierOpenMonth(s, account, month)
                                    .invoke(
                                        open ->
                                            open.ifPresent(m -> before.add(earlierMonthOpen(m))))
                                    .replaceWith(inputs)
                                : Uni.createFrom().item(inputs)))
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(
            inputs -> {
              inputs.state().unpriced().stream()
                  .distinct()
                  .limit(MOST_FINDINGS)
                  .map(Readiness::noPrice)
                  .forEach(before::add);
              return before;
            });
  }

  private static Finding earlierMonthOpen(BillingMonth month) {
    return new Finding(
        Check.EARLIER_MONTH_OPEN,
        month.toString(),
        "The account has credits left, and " + month + " has usage but no invoice.",
        Map.of("month", month.toString()));
  }

  /** Something was used at a time at which it has no price. */
  public static Finding noPrice(Rating.Unpriced u) {
    return new Finding(
        Check.NO_PRICE,
        u.sku(),
        u.sku() + " has no price at " + u.from() + ".",
        Map.of("sku", u.sku(), "from", u.from().toString()));
  }

  /** Inventory names the last event of each instance; billing must know all of them. */
  private Uni<List<Finding>> reconciled(Account account, BillingMonth month, List<Finding> before) {
    Uni<List<Finding>> all = Uni.createFrom().item(before);
    for (Account.AccountTenant tenant : account.tenants()) {
      all =
          all.chain(
              blockers ->
                  positions(tenant.id(), month, null, new ArrayList<>())
                      .chain(positions -> missing(tenant.id(), positions))
                      .map(
                          missing -> {
                            blockers.addAll(missing);
                            return blockers;
                          }));
    }
    return all;
  }

  private Uni<List<Position>> positions(
      TenantId tenant, BillingMonth month, @Nullable String pageToken, List<Position> sofar) {
    return inventory
        .positions(tenant.toString(), month.end().toString(), pageToken)
        .onFailure()
        .transform(
            failure -> {
              LOG.warnf("inventory-service does not answer: %s", failure.toString());
              return ProblemType.UPSTREAM_UNAVAILABLE.because(
                  "inventory-service cannot be asked how far its events went.");
            })
        .chain(
            page -> {
              sofar.addAll(page.items());
              return page.nextPageToken() == null || page.nextPageToken().isEmpty()
                  ? Uni.createFrom().item(sofar)
                  : positions(tenant, month, page.nextPageToken(), sofar);
            });
  }

  private Uni<List<Finding>> missing(TenantId tenant, List<Position> positions) {
    return transactions
        .asPlatform(s -> repository.lastSequences(s, tenant.value()))
        .map(
            known ->
                positions.stream()
                    .filter(p -> known.getOrDefault(p.instanceId(), 0L) < p.lastSequence())
                    .limit(MOST_FINDINGS)
                    .map(p -> missing(p, known.getOrDefault(p.instanceId(), 0L)))
                    .toList());
  }

  /** The tenant of the findings has no account. */
  public static Finding noAccount(TenantRef tenant) {
    return new Finding(
        Check.NO_ACCOUNT,
        tenant.slug(),
        "Tenant " + tenant.slug() + " has no business number, so nobody to charge.",
        Map.of("tenant", tenant.slug()));
  }

  private static Finding missing(Position p, long known) {
    InstanceId instance = p.instanceId();
    return new Finding(
        Check.MISSING_EVENTS,
        instance + "@" + p.lastSequence(),
        "Inventory told %d events of %s before the month's end, billing knows %d."
            .formatted(p.lastSequence(), instance, known),
        Map.of(
            "instanceId",
            instance.toString(),
            "lastSequence",
            Long.toString(p.lastSequence()),
            "knownSequence",
            Long.toString(known)));
  }
}
