package dev.gpucloud.billing.spend;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.spend.engine.MonthSpend;
import dev.gpucloud.billing.statement.StatementService;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the month comes to for some tenants, at the prices and terms that usage is shown at:
 * what a commitment covers costs nothing, its fee is paid. A tenant without an account owes nobody.
 */
@ApplicationScoped
class SpendReader {
  private final AccountRepository accounts;
  private final StatementService statements;

  SpendReader(AccountRepository accounts, StatementService statements) {
    this.accounts = accounts;
    this.statements = statements;
  }

  /** What the month of some tenants is rated from, read at an instant within it. */
  record Read(BillingMonth month, Instant at, Map<TenantId, StatementService.Inputs> inputs) {

    /** Rates it until then, and as if what runs went on. Costs time: not on an event loop. */
    Spending rate() {
      var spent = new HashMap<Scope, Rational>();
      var ifGoingOn = new HashMap<Scope, Rational>();
      var running = new HashSet<Scope>();
      inputs.forEach(
          (tenant, of) -> {
            add(spent, of.used(tenant, at).parts());
            add(ifGoingOn, of.used(tenant, month.end()).parts());
            of.runs().forEach(run -> addIfRunning(running, tenant, run));
          });
      return new Spending(month, at, spent, ifGoingOn, running);
    }

    private void addIfRunning(Set<Scope> running, TenantId tenant, RunUsage run) {
      var scope = run.intervals().getLast().scope();
      if (scope.tenantId().equals(tenant) && (run.end() == null || run.end().isAfter(at))) {
        running.add(new Scope(tenant, scope.projectId()));
        running.add(new Scope(tenant, null));
      }
    }
  }

  /** All of a tenant, or one of its projects. */
  record Scope(TenantId tenant, @Nullable ProjectId project) {}

  /** What was spent where. */
  record Spending(
      BillingMonth month,
      Instant at,
      Map<Scope, Rational> spent,
      Map<Scope, Rational> ifGoingOn,
      Set<Scope> running) {
    MonthSpend of(Scope scope) {
      return new MonthSpend(
          month,
          at,
          spent.getOrDefault(scope, Rational.ZERO),
          ifGoingOn.getOrDefault(scope, Rational.ZERO),
          running.contains(scope));
    }
  }

  private static void add(Map<Scope, Rational> sums, List<Part> parts) {
    for (Part part : parts) {
      TenantId tenant = part.row().scope().tenantId();
      sums.merge(new Scope(tenant, part.row().scope().projectId()), part.amount(), Rational::add);
      sums.merge(new Scope(tenant, null), part.amount(), Rational::add);
    }
  }

  Uni<Read> read(Mutiny.Session s, Collection<UUID> tenants, Instant now) {
    BillingMonth month = BillingMonth.of(now);
    var read = new Read(month, now, new HashMap<>());
    var loaded = new HashMap<UUID, StatementService.Inputs>();
    Uni<Void> done = Uni.createFrom().voidItem();
    for (UUID id : new ArrayList<>(tenants)) {
      var tenant = new TenantId(id);
      done =
          done.chain(() -> accounts.findByTenant(s, tenant))
              .chain(account -> inputs(s, account, month, loaded))
              .invoke(inputs -> inputs.ifPresent(of -> read.inputs().put(tenant, of)))
              .replaceWithVoid();
    }
    return done.replaceWith(read);
  }

  /** The tenants of an account share what is read of it. */
  private Uni<Optional<StatementService.Inputs>> inputs(
      Mutiny.Session s,
      Optional<Account> account,
      BillingMonth month,
      Map<UUID, StatementService.Inputs> loaded) {
    if (account.isEmpty()) {
      return Uni.createFrom().item(Optional.empty());
    }
    StatementService.Inputs known = loaded.get(account.get().id());
    return known != null
        ? Uni.createFrom().item(Optional.of(known))
        : statements
            .loadSoFar(s, account.get(), month)
            .invoke(inputs -> loaded.put(account.get().id(), inputs))
            .map(Optional::of);
  }
}
