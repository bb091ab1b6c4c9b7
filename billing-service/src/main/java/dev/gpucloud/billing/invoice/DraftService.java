package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.close.Readiness;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.correction.LateUsage;
import dev.gpucloud.billing.invoice.engine.InvoiceState;
import dev.gpucloud.billing.price.PriceRepository;
import dev.gpucloud.billing.statement.StatementService;
import dev.gpucloud.billing.statement.engine.Payment;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementEngine;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.access.References;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Rates a month of an account into a draft. What is read is rated outside any transaction; the
 * draft is written only if no event came in between.
 */
@ApplicationScoped
class DraftService {
  private final Transactions transactions;
  private final References references;
  private final AccountRepository accounts;
  private final InvoiceRepository invoices;
  private final PriceRepository prices;
  private final StatementRepository below;
  private final StatementService statements;
  private final Readiness readiness;
  private final LateUsage late;
  private final InstantSource clock;

  DraftService(
      Transactions transactions,
      References references,
      AccountRepository accounts,
      InvoiceRepository invoices,
      PriceRepository prices,
      StatementRepository below,
      StatementService statements,
      Readiness readiness,
      LateUsage late,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.references = references;
    this.accounts = accounts;
    this.invoices = invoices;
    this.prices = prices;
    this.below = below;
    this.statements = statements;
    this.readiness = readiness;
    this.late = late;
    this.clock = clock;
  }

  /** A month of an account. */
  record AccountMonth(Account account, BillingMonth month) {}

  /**
   * A rated month, not yet written; {@code meteredEvents} is what it was rated from, {@code late}
   * what it charges or writes off of closed months.
   */
  record Rated(
      AccountMonth of,
      Statement statement,
      LateUsage.Settling late,
      long meteredEvents,
      long versions) {}

  /** Usage or terms changed between rating and writing; rating again settles it. */
  static final class UsageChanged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageChanged() {
      super("usage changed while it was rated", null, false, false);
    }
  }

  /** The account that pays for a tenant's month; refuses unknown tenants and those without one. */
  Uni<AccountMonth> find(Mutiny.Session s, CreateInvoiceRequest request) {
    BillingMonth month = BillingMonth.parse(Objects.requireNonNull(request.month()));
    String tenant = Objects.requireNonNull(request.tenant());
    return references
        .findTenant(s, tenant)
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        ProblemType.UNKNOWN_REFERENCE
                            .because("There is no tenant " + tenant + ".")
                            .at("/tenant", "names no tenant")))
        .chain(
            ref ->
                accounts
                    .findByTenant(s, ref.id())
                    .map(
                        account ->
                            new AccountMonth(
                                account.orElseThrow(
                                    () -> notReady(List.of(Readiness.noAccount(ref)))),
                                month)));
  }

  static ProblemException notReady(List<Finding> blockers) {
    return ProblemType.MONTH_NOT_READY
        .because(
            blockers.size() == 1
                ? blockers.getFirst().detail()
                : blockers.size() + " things stand against it: " + blockers.getFirst().detail())
        .with("blockers", blockers);
  }

  /** Refuses a month that has an invoice or is not ready, and rates it otherwise. */
  Uni<Rated> rate(AccountMonth of) {
    return transactions
        .asPlatform(
            s -> refuseExisting(s, of).chain(() -> accounts.asCharged(s, of.account(), of.month())))
        .chain(account -> readiness.check(account, of.month()))
        .invoke(
            blockers -> {
              if (!blockers.isEmpty()) {
                throw notReady(blockers);
              }
            })
        .chain(() -> compute(of));
  }

  Uni<Void> refuseExisting(Mutiny.Session s, AccountMonth of) {
    return invoices
        .findOf(s, of.account().id(), of.month().toString())
        .invoke(
            found ->
                found.ifPresent(
                    e -> {
                      throw ProblemType.ALREADY_EXISTS
                          .because(
                              "The account has an invoice for "
                                  + of.month()
                                  + ": "
                                  + new InvoiceId(e.id)
                                  + ".")
                          .with("invoice", new InvoiceId(e.id).toString())
                          .with("state", e.state);
                    }))
        .replaceWithVoid();
  }

  private record Read(
      StatementService.Inputs inputs, LateUsage.Pending late, long meteredEvents, long versions) {

    Rated rated(AccountMonth of) {
      LateUsage.Settling settling = late.settle();
      List<Finding> unpriced = settling.unpriced().stream().map(Readiness::noPrice).toList();
      if (!unpriced.isEmpty()) {
        throw notReady(unpriced);
      }
      return new Rated(
          of,
          inputs.state(settling.lines(), settling.credits()),
          settling,
          meteredEvents,
          versions);
    }
  }

  /** Reads in one transaction, rates on a worker thread. */
  Uni<Rated> compute(AccountMonth of) {
    return transactions
        .asPlatform(
            s ->
                meteredEvents(s, of)
                    .chain(
                        count ->
                            statements
                                .load(s, of.account(), of.month())
                                .chain(
                                    inputs ->
                                        late.load(s, of.account(), of.month())
                                            .chain(
                                                pending ->
                                                    statements
                                                        .versions(s, of.account())
                                                        .map(
                                                            v ->
                                                                new Read(
                                                                    inputs, pending, count, v))))))
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(read -> read.rated(of));
  }

  /** Metered events that decide the month: of its own tenants and of those pooled with them. */
  Uni<Long> meteredEvents(Mutiny.Session s, AccountMonth of) {
    return statements
        .tenants(s, of.account(), of.month())
        .chain(tenants -> invoices.meteredEvents(s, tenants, of.month().end()));
  }

  /** Writes a new draft, unless something changed since it was rated. */
  Uni<InvoiceEntity> insert(Mutiny.Session s, Rated rated, InvoiceRepository.By by) {
    AccountMonth of = rated.of();
    return invoices
        .lockAccount(s, of.account().id())
        .chain(() -> refuseExisting(s, of))
        .chain(() -> refuseChanged(s, rated))
        .chain(() -> prices.operator(s))
        .chain(
            operator -> {
              InvoiceEntity e = head(rated, by);
              e.supplierName = operator.map(PriceRepository.Operator::name).orElse(null);
              e.supplierNumber =
                  operator.map(PriceRepository.Operator::businessNumber).orElse(null);
              return s.persist(e).chain(s::flush).replaceWith(e);
            })
        .chain(
            e ->
                below
                    .insert(s, e, rated.statement(), rated.late())
                    .chain(() -> late.keep(s, e.id, rated.late()))
                    .chain(() -> invoices.addHistory(s, e, "CREATE", by, clock.instant(), null))
                    .replaceWith(e));
  }

  /** Replaces what stands below a draft by what its month comes to now. */
  Uni<Void> replace(Mutiny.Session s, InvoiceEntity e, Rated rated, InvoiceRepository.By by) {
    return invoices
        .lockAccount(s, e.accountId)
        .chain(() -> refuseChanged(s, rated))
        .chain(() -> late.drop(s, e.id))
        .chain(() -> below.delete(s, e.id))
        .chain(
            () -> {
              fill(e, rated);
              e.moveTo(new InvoiceState.Draft(withPreparer(e, by)));
              return s.flush();
            })
        .chain(() -> below.insert(s, e, rated.statement(), rated.late()))
        .chain(() -> late.keep(s, e.id, rated.late()))
        .chain(() -> invoices.addHistory(s, e, "RERATE", by, clock.instant(), null));
  }

  private static Set<String> withPreparer(InvoiceEntity e, InvoiceRepository.By by) {
    var all = new TreeSet<>(List.of(e.preparers));
    all.add(by.subject());
    return all;
  }

  private Uni<Void> refuseChanged(Mutiny.Session s, Rated rated) {
    return meteredEvents(s, rated.of())
        .invoke(
            count -> {
              if (count != rated.meteredEvents()) {
                throw new UsageChanged();
              }
            })
        .chain(() -> statements.versions(s, rated.of().account()))
        .invoke(
            versions -> {
              if (versions != rated.versions()) {
                throw new UsageChanged();
              }
            })
        .replaceWithVoid();
  }

  private InvoiceEntity head(Rated rated, InvoiceRepository.By by) {
    AccountMonth of = rated.of();
    var e = new InvoiceEntity();
    e.id = Ids.next();
    e.tenantId = of.account().owner().value();
    e.accountId = of.account().id();
    e.month = of.month().toString();
    e.state = "DRAFT";
    e.currency = "KRW";
    e.writeDate = of.month().month().atEndOfMonth();
    e.preparers = new String[] {by.subject()};
    e.preparedBy = by.subject();
    e.preparedAt = clock.instant();
    fill(e, rated);
    return e;
  }

  private static void fill(InvoiceEntity e, Rated rated) {
    Account account = rated.of().account();
    name(e, account);
    e.mode = account.mode();
    e.roundingPolicy = StatementEngine.ROUNDING_POLICY;
    e.supplyKrw = rated.statement().supplyValue().amount();
    e.vatKrw = rated.statement().vat().amount();
    e.totalKrw = rated.statement().total().amount();
    e.usageKrw = rated.statement().usage().amount();
    e.includesVat = rated.statement().account().taxation().includesVat();
    e.prepaidKrw =
        rated.statement().payments().stream()
            .map(Payment::paid)
            .reduce(Won.ZERO, Won::plus)
            .amount();
    e.meteredEvents = rated.meteredEvents();
  }

  private static Account.AccountTenant ownerWhoLeft(Account a) {
    return new Account.AccountTenant(a.owner(), a.owner().toString(), a.name());
  }

  /** Takes the names over as they are now. */
  static void name(InvoiceEntity e, Account account) {
    Account.AccountTenant owner =
        account.tenants().stream()
            .filter(t -> t.id().equals(account.owner()))
            .findFirst()
            .or(() -> account.tenants().stream().findFirst())
            .orElseGet(() -> ownerWhoLeft(account));
    e.tenantSlug = owner.slug();
    e.tenantName = owner.name();
    e.accountName = account.name();
    e.businessNumber = account.businessNumber();
  }
}
