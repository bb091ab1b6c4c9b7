package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.invoice.Blocker.Code;
import dev.gpucloud.billing.invoice.InventoryClient.Position;
import dev.gpucloud.billing.rating.engine.Rating;
import dev.gpucloud.billing.statement.StatementService;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
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
 * The checklist before a month is closed for an account. Everything that could still change the
 * invoice is a blocker; inventory's own word is asked last, outside any transaction.
 */
@ApplicationScoped
class Readiness {
  private static final Logger LOG = Logger.getLogger(Readiness.class);
  private static final int MOST_BLOCKERS = 100;

  private final Transactions transactions;
  private final ReadinessRepository repository;
  private final StatementService statements;
  private final InventoryClient inventory;
  private final InstantSource clock;

  Readiness(
      Transactions transactions,
      ReadinessRepository repository,
      StatementService statements,
      @RestClient InventoryClient inventory,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.repository = repository;
    this.statements = statements;
    this.inventory = inventory;
    this.clock = clock;
  }

  /** Every blocker, or none. */
  Uni<List<Blocker>> check(Account account, BillingMonth month) {
    if (clock.instant().isBefore(month.end())) {
      return Uni.createFrom()
          .item(
              List.of(
                  new Blocker(
                      Code.MONTH_NOT_ENDED,
                      month + " ends at " + month.end() + ".",
                      Map.of("endsAt", month.end().toString()))));
    }
    return transactions
        .asPlatform(s -> own(s, account, month))
        .chain(own -> priced(account, month, own))
        .chain(own -> reconciled(account, month, own));
  }

  private Uni<List<Blocker>> own(Mutiny.Session s, Account account, BillingMonth month) {
    var all = new ArrayList<Blocker>();
    return repository
        .runsWithoutProof(s, account, month)
        .invoke(all::addAll)
        .chain(() -> repository.parked(s, account))
        .invoke(all::addAll)
        .replaceWith(all);
  }

  private Uni<List<Blocker>> priced(Account account, BillingMonth month, List<Blocker> before) {
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
                  .limit(MOST_BLOCKERS)
                  .map(Readiness::noPrice)
                  .forEach(before::add);
              return before;
            });
  }

  private static Blocker earlierMonthOpen(BillingMonth month) {
    return new Blocker(
        Code.EARLIER_MONTH_OPEN,
        "The account has credits left, and " + month + " has usage but no invoice.",
        Map.of("month", month.toString()));
  }

  static Blocker noPrice(Rating.Unpriced u) {
    return new Blocker(
        Code.NO_PRICE,
        u.sku() + " has no price at " + u.from() + ".",
        Map.of("sku", u.sku(), "from", u.from().toString()));
  }

  /** Inventory names the last event of each instance; billing must know all of them. */
  private Uni<List<Blocker>> reconciled(Account account, BillingMonth month, List<Blocker> before) {
    Uni<List<Blocker>> all = Uni.createFrom().item(before);
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

  private Uni<List<Blocker>> missing(TenantId tenant, List<Position> positions) {
    return transactions
        .asPlatform(s -> repository.lastSequences(s, tenant.value()))
        .map(
            known ->
                positions.stream()
                    .filter(p -> known.getOrDefault(p.instanceId(), 0L) < p.lastSequence())
                    .limit(MOST_BLOCKERS)
                    .map(p -> missing(p, known.getOrDefault(p.instanceId(), 0L)))
                    .toList());
  }

  private static Blocker missing(Position p, long known) {
    InstanceId instance = p.instanceId();
    return new Blocker(
        Code.MISSING_EVENTS,
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
