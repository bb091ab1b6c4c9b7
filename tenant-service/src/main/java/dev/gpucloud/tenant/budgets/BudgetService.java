package dev.gpucloud.tenant.budgets;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.catalogue.Catalogue;
import dev.gpucloud.tenant.catalogue.Named;
import dev.gpucloud.tenant.engine.QuotaRules;
import dev.gpucloud.tenant.projects.ProjectName;
import dev.gpucloud.tenant.projects.ProjectRepository;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.request.UniqueViolations;
import dev.gpucloud.tenant.tenants.TenantService;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads budgets and sets them. */
@ApplicationScoped
class BudgetService {
  private final Transactions transactions;
  private final TenantService tenants;
  private final ProjectRepository projects;
  private final BudgetRepository budgets;
  private final BudgetWriter writer;
  private final Catalogue catalogue;
  private final Audit audit;
  private final InstantSource clock;

  BudgetService(
      Transactions transactions,
      TenantService tenants,
      ProjectRepository projects,
      BudgetRepository budgets,
      BudgetWriter writer,
      Catalogue catalogue,
      Audit audit,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.tenants = tenants;
    this.projects = projects;
    this.budgets = budgets;
    this.writer = writer;
    this.catalogue = catalogue;
    this.audit = audit;
    this.clock = clock;
  }

  Uni<Page<BudgetView>> list(TenantId tenant, PageRequest page) {
    return transactions.asTenant(tenant, session -> page(session, tenant, page));
  }

  Uni<Page<BudgetView>> listForPlatform(String idOrSlug, PageRequest page) {
    return transactions.asPlatform(
        session ->
            tenants.load(session, idOrSlug).chain(tenant -> page(session, tenant.id(), page)));
  }

  private Uni<Page<BudgetView>> page(Mutiny.Session session, TenantId tenant, PageRequest page) {
    UUID scope = page.after("scope", UUID::fromString).orElse(new UUID(0, 0));
    var begin = new BudgetEntity.Key(scope, page.after().getOrDefault("model", ""));
    return budgets
        .page(session, tenant, begin, page.limit())
        .map(
            rows ->
                page.page(
                    rows,
                    BudgetView::of,
                    row -> Map.of("scope", row.scopeId().toString(), "model", row.model())));
  }

  /** Whose budget a path names. */
  record Name(String tenant, @Nullable String project, String model) {
    Name {
      QuotaRules.modelRefusal(model)
          .ifPresent(
              why -> {
                throw ProblemType.INVALID_PARAMETER
                    .because("The path names no GPU model.")
                    .at("model", why);
              });
    }
  }

  /** Sets the terms on the version the caller has seen. */
  Uni<BudgetView> set(Name name, SetBudgetRequest request, @Nullable String ifMatch) {
    BudgetTerms terms = request.terms(clock.instant());
    return transactions
        .asPlatform(
            session -> scope(session, name).chain(scope -> set(session, scope, terms, ifMatch)))
        .onFailure(UniqueViolations::is)
        .transform(
            raced -> ProblemType.VERSION_MISMATCH.because("Somebody set a first budget meanwhile."))
        .map(BudgetView::of);
  }

  private Uni<BudgetEntity> set(
      Mutiny.Session session,
      BudgetEntity.Scope scope,
      BudgetTerms terms,
      @Nullable String ifMatch) {
    return budgets
        .lock(session, scope.key())
        .invoke(budget -> ETags.require(ifMatch, budget == null ? 0 : budget.version()))
        .call(
            budget ->
                budget == null
                    ? catalogue.require(session, List.of(Named.model(scope.model(), "model")))
                    : Uni.createFrom().voidItem())
        .chain(budget -> set(session, scope, terms, budget));
  }

  private Uni<BudgetEntity> set(
      Mutiny.Session session,
      BudgetEntity.Scope scope,
      BudgetTerms terms,
      @Nullable BudgetEntity budget) {
    BudgetView before = budget == null ? null : BudgetView.of(budget);
    Uni<BudgetEntity> set =
        budget == null ? writer.open(session, scope, terms) : writer.change(session, budget, terms);
    return set.call(
        after ->
            audit.changed(
                session,
                AuditChange.of("tenant.budget.set", "budget", scope.model())
                    .at(scope.tenant())
                    .from(before)
                    .to(BudgetView.of(after))));
  }

  private Uni<BudgetEntity.Scope> scope(Mutiny.Session session, Name name) {
    return tenants
        .load(session, name.tenant())
        .invoke(tenant -> tenant.requireStaying("gets no budget"))
        .chain(
            tenant ->
                project(session, tenant.id(), name.project())
                    .map(project -> new BudgetEntity.Scope(tenant.id(), project, name.model())));
  }

  private Uni<@Nullable ProjectId> project(
      Mutiny.Session session, TenantId tenant, @Nullable String idOrSlug) {
    if (idOrSlug == null) {
      return Uni.createFrom().nullItem();
    }
    return projects
        .find(session, tenant, ProjectName.parse(idOrSlug), LockModeType.NONE)
        .map(
            project -> {
              if (project == null) {
                throw Refusals.notFound("project");
              }
              return project.id();
            });
  }
}
