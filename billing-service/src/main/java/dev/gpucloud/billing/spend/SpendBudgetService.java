package dev.gpucloud.billing.spend;

import dev.gpucloud.billing.spend.SetSpendBudgetRequest.Asked;
import dev.gpucloud.billing.spend.engine.BudgetMeter;
import dev.gpucloud.billing.spend.engine.BudgetMeter.Growth;
import dev.gpucloud.contracts.id.SpendBudgetId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.ProjectRef;
import dev.gpucloud.kit.access.References;
import dev.gpucloud.kit.access.TenantRef;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Makes, changes and removes budgets of won, in the caller's transaction. */
@ApplicationScoped
class SpendBudgetService {
  private static final UUID NONE = new UUID(0, 0);

  private final SpendBudgetRepository budgets;
  private final SpendBudgetEvents events;
  private final References references;
  private final Audit audit;
  private final Caller caller;
  private final SpendConfig config;
  private final InstantSource clock;

  SpendBudgetService(
      SpendBudgetRepository budgets,
      SpendBudgetEvents events,
      References references,
      Audit audit,
      Caller caller,
      SpendConfig config,
      @Business InstantSource clock) {
    this.budgets = budgets;
    this.events = events;
    this.references = references;
    this.audit = audit;
    this.caller = caller;
    this.config = config;
    this.clock = clock;
  }

  /** Refuses what cannot be, then makes it; it is looked at soon. */
  Uni<SpendBudgetView> create(Mutiny.Session s, TenantRef tenant, CreateSpendBudgetRequest body) {
    Asked asked = body.asked();
    return project(s, tenant, body.project())
        .call(() -> budgets.lockAndCount(s, tenant.id()).invoke(this::requireRoom))
        .call(() -> requireFreeName(s, tenant.id(), asked.name(), NONE))
        .chain(
            scope -> {
              Instant now = clock.instant();
              var budget = SpendBudgetEntity.of(scope, asked, caller.username(), now);
              return events
                  .set(s, budget, Growth.AS_BEFORE)
                  .chain(() -> s.persist(budget))
                  .chain(s::flush)
                  .replaceWith(SpendBudgetView.of(budget));
            })
        .call(view -> audit.changed(s, change("create", view).to(view)));
  }

  private void requireRoom(long there) {
    if (there >= config.mostBudgets()) {
      throw ProblemType.STATE_CONFLICT
          .because(
              "A tenant has at most %d spend budgets; remove one first."
                  .formatted(config.mostBudgets()))
          .with("limit", config.mostBudgets());
    }
  }

  private Uni<Void> requireFreeName(Mutiny.Session s, TenantId tenant, String name, UUID of) {
    return budgets
        .hasName(s, tenant, name, of)
        .invoke(
            taken -> {
              if (taken) {
                throw ProblemType.ALREADY_EXISTS
                    .because("The tenant has a spend budget named '" + name + "' already.")
                    .at("/name", "is the name of another spend budget of the tenant");
              }
            })
        .replaceWithVoid();
  }

  private Uni<SpendBudgetEntity.Scope> project(
      Mutiny.Session s, TenantRef tenant, @Nullable String asked) {
    if (asked == null) {
      return Uni.createFrom().item(new SpendBudgetEntity.Scope(tenant.id(), null, null));
    }
    boolean whole = asked.startsWith("prj_") || asked.indexOf('.') >= 0;
    return references
        .findProject(s, whole ? asked : tenant.slug() + "." + asked)
        .map(found -> found.filter(p -> p.fact().tenantId().equals(tenant.id())))
        .map(found -> found.orElseThrow(() -> unknownProject(asked)))
        .map(project -> scope(tenant, project));
  }

  private static SpendBudgetEntity.Scope scope(TenantRef tenant, ProjectRef project) {
    return new SpendBudgetEntity.Scope(tenant.id(), project.id(), project.slug());
  }

  private static ProblemException unknownProject(String asked) {
    return ProblemType.UNKNOWN_REFERENCE
        .because("The tenant has no project '" + asked + "'.")
        .at("/project", "must be a project of the tenant, by slug or prj_...");
  }

  /** One budget; with a tenant only if it is that tenant's. */
  Uni<SpendBudgetEntity> load(
      Mutiny.Session s, @Nullable TenantId tenant, String id, LockModeType lock) {
    return budgets
        .find(s, parsed(id), lock)
        .map(
            found -> {
              if (found == null || tenant != null && !found.tenant().equals(tenant)) {
                throw notFound();
              }
              return found;
            });
  }

  private static UUID parsed(String id) {
    try {
      return SpendBudgetId.parse(id).value();
    } catch (IllegalArgumentException e) {
      throw notFound();
    }
  }

  private static ProblemException notFound() {
    return ProblemType.NOT_FOUND.because("There is no such spend budget here.");
  }

  /** A budget as the caller has seen it. */
  record Seen(@Nullable TenantId tenant, String id, @Nullable String ifMatch) {}

  /**
   * Makes it what is asked for. A stop that the new terms do not ask for is lifted at once, one
   * that they ask for acts at once; what people are to be told waits for the next look.
   */
  Uni<SpendBudgetView> set(Mutiny.Session s, Seen seen, SetSpendBudgetRequest body) {
    return locked(s, seen)
        .chain(
            budget -> {
              Asked asked = body.asked();
              return requireFreeName(s, budget.tenant(), asked.name(), budget.id)
                  .chain(() -> set(s, budget, asked));
            });
  }

  private Uni<SpendBudgetView> set(Mutiny.Session s, SpendBudgetEntity budget, Asked asked) {
    if (asked.name().equals(budget.name) && asked.terms().equals(budget.terms())) {
      return Uni.createFrom().item(SpendBudgetView.of(budget));
    }
    Instant now = clock.instant();
    SpendBudgetView before = SpendBudgetView.of(budget);
    BudgetMeter known = budget.meter();
    BudgetMeter after = ofThisMonth(known, now).under(asked.terms());
    budget.set(asked, now);
    budget.take(after);
    return events
        .set(s, budget, known.growth(after))
        .chain(s::flush)
        .replaceWith(SpendBudgetView.of(budget))
        .call(view -> audit.changed(s, change("set", view).from(before).to(view)));
  }

  /** What was spent in an earlier month says nothing about this one. */
  private static BudgetMeter ofThisMonth(BudgetMeter meter, Instant now) {
    BillingMonth month = BillingMonth.of(now);
    return meter.month().equals(month) ? meter : BudgetMeter.fresh(month);
  }

  /** Takes it away; what it stopped may go on. */
  Uni<Void> remove(Mutiny.Session s, Seen seen) {
    return locked(s, seen)
        .chain(
            budget -> {
              SpendBudgetView before = SpendBudgetView.of(budget);
              return events
                  .removed(s, budget)
                  .chain(() -> s.remove(budget))
                  .chain(s::flush)
                  .chain(() -> audit.changed(s, change("remove", before).from(before)));
            });
  }

  private Uni<SpendBudgetEntity> locked(Mutiny.Session s, Seen seen) {
    return load(s, seen.tenant(), seen.id(), LockModeType.PESSIMISTIC_WRITE)
        .invoke(budget -> ETags.require(seen.ifMatch(), budget.version));
  }

  private static AuditChange change(String verb, SpendBudgetView view) {
    return AuditChange.of("spend-budget." + verb, "spend-budget", view.id().toString())
        .at(view.tenantId());
  }
}
