package dev.gpucloud.billing.spend;

import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.rating.RatingService;
import dev.gpucloud.billing.rating.engine.RatedRow;
import dev.gpucloud.billing.rating.engine.Rating;
import dev.gpucloud.billing.spend.engine.MonthSpend;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads what the month comes to for some tenants, by the rating that shows usage. */
@ApplicationScoped
class SpendReader {
  private final RatingService rating;

  SpendReader(RatingService rating) {
    this.rating = rating;
  }

  /** What the month of some tenants is rated from, read at an instant within it. */
  record Read(BillingMonth month, Instant at, RatingService.Inputs inputs) {

    /** Rates it until then, and as if what runs went on. Costs time: not on an event loop. */
    Spending rate() {
      Map<Scope, Rational> spent = byScope(inputs.until(at).rate());
      Map<Scope, Rational> ifGoingOn = byScope(inputs.rate());
      return new Spending(month, at, spent, ifGoingOn, running());
    }

    private Set<Scope> running() {
      var running = new HashSet<Scope>();
      for (RunUsage run : inputs.runs()) {
        if (run.end() == null || run.end().isAfter(at)) {
          var scope = run.intervals().getLast().scope();
          running.add(new Scope(scope.tenantId(), scope.projectId()));
          running.add(new Scope(scope.tenantId(), null));
        }
      }
      return running;
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

  private static Map<Scope, Rational> byScope(Rating rated) {
    var sums = new HashMap<Scope, Rational>();
    for (RatedRow row : rated.rows()) {
      TenantId tenant = row.scope().tenantId();
      sums.merge(new Scope(tenant, row.scope().projectId()), row.amount(), Rational::add);
      sums.merge(new Scope(tenant, null), row.amount(), Rational::add);
    }
    return sums;
  }

  Uni<Read> read(Mutiny.Session s, Collection<UUID> tenants, Instant now) {
    BillingMonth month = BillingMonth.of(now);
    return rating
        .load(s, tenants, month.start(), month.end())
        .map(inputs -> new Read(month, now, inputs));
  }
}
