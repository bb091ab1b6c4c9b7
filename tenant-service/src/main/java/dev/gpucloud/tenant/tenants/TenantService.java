package dev.gpucloud.tenant.tenants;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.Slugs;
import dev.gpucloud.tenant.engine.TenantState;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads tenants and takes them from state to state. */
@ApplicationScoped
public class TenantService {
  private final Transactions transactions;
  private final TenantRepository tenants;
  private final TenantWriter writer;

  TenantService(Transactions transactions, TenantRepository tenants, TenantWriter writer) {
    this.transactions = transactions;
    this.tenants = tenants;
    this.writer = writer;
  }

  /** A tenant as its own members see it. */
  Uni<TenantView> load(TenantId id) {
    return transactions
        .asTenant(id, session -> tenants.find(session, id))
        .map(TenantService::loaded)
        .map(TenantView::of);
  }

  /** A tenant by id or slug, for the platform. */
  Uni<TenantView> loadForPlatform(String idOrSlug) {
    return transactions.asPlatform(session -> load(session, idOrSlug)).map(TenantView::of);
  }

  /** A tenant's row by id or slug; fails with NOT_FOUND. */
  public Uni<TenantEntity> load(Mutiny.Session session, String idOrSlug) {
    Uni<@Nullable TenantEntity> found;
    try {
      found = tenants.find(session, TenantId.parse(idOrSlug));
    } catch (IllegalArgumentException e) {
      found =
          Slugs.tenantRefusal(idOrSlug).isEmpty()
              ? tenants.findBySlug(session, idOrSlug)
              : Uni.createFrom().nullItem();
    }
    return found.map(TenantService::loaded);
  }

  /** The tenants at which a person has a role. */
  Uni<Page<TenantView>> listOf(String subject, PageRequest page) {
    return transactions.asSystem(session -> page(session, page, Optional.empty(), subject));
  }

  /** All tenants, perhaps of one state only. */
  Uni<Page<TenantView>> list(PageRequest page, Optional<TenantState> state) {
    return transactions.asPlatform(session -> page(session, page, state, null));
  }

  private Uni<Page<TenantView>> page(
      Mutiny.Session session,
      PageRequest page,
      Optional<TenantState> state,
      @Nullable String subject) {
    var filter =
        new TenantRepository.Filter(
            page.after().getOrDefault("slug", ""), state, Optional.ofNullable(subject));
    return tenants
        .page(session, filter, page.limit())
        .map(rows -> page.page(rows, TenantView::of, row -> Map.of("slug", row.slug())));
  }

  /** Stops what is new at the tenant, with a reason that its members see. */
  Uni<TenantView> suspend(String idOrSlug, String reason, @Nullable String ifMatch) {
    return change(
        idOrSlug,
        (session, tenant) -> enter(session, tenant, TenantState.SUSPENDED, reason, ifMatch));
  }

  /** Lifts a suspension, and nothing else: an APPROVED tenant does not become ACTIVE by it. */
  Uni<TenantView> resume(String idOrSlug, @Nullable String ifMatch) {
    return change(
        idOrSlug,
        (session, tenant) -> {
          if (tenant.state() != TenantState.SUSPENDED) {
            ETags.require(ifMatch, tenant.version());
            throw conflict(tenant, TenantState.ACTIVE);
          }
          return enter(session, tenant, TenantState.ACTIVE, null, ifMatch);
        });
  }

  private Uni<TenantView> change(
      String idOrSlug, BiFunction<Mutiny.Session, TenantEntity, Uni<TenantEntity>> work) {
    return transactions
        .asPlatform(
            session ->
                tenants
                    .lockTree(session)
                    .chain(() -> load(session, idOrSlug))
                    .chain(tenant -> work.apply(session, tenant)))
        .map(TenantView::of);
  }

  private Uni<TenantEntity> enter(
      Mutiny.Session session,
      TenantEntity tenant,
      TenantState next,
      @Nullable String reason,
      @Nullable String ifMatch) {
    ETags.require(ifMatch, tenant.version());
    if (!tenant.state().next().contains(next)) {
      throw conflict(tenant, next);
    }
    return writer.enter(session, tenant, next, reason).replaceWith(tenant);
  }

  private static ProblemException conflict(TenantEntity tenant, TenantState next) {
    return ProblemType.STATE_CONFLICT
        .because("The tenant is " + tenant.state() + " and cannot become " + next + " here.")
        .with("state", tenant.state());
  }

  private static TenantEntity loaded(@Nullable TenantEntity tenant) {
    if (tenant == null) {
      throw Refusals.notFound("tenant");
    }
    return tenant;
  }
}
