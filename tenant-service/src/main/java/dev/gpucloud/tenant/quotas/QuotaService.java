package dev.gpucloud.tenant.quotas;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.QuotaRules;
import dev.gpucloud.tenant.engine.TenantTree;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantRepository;
import dev.gpucloud.tenant.tenants.TenantService;
import dev.gpucloud.tenant.tenants.TenantTrees;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads quotas and sets them within what the tenants above have. */
@ApplicationScoped
class QuotaService {
  private final Transactions transactions;
  private final TenantService tenantService;
  private final TenantRepository tenants;
  private final QuotaRepository quotas;
  private final QuotaWriter writer;

  QuotaService(
      Transactions transactions,
      TenantService tenantService,
      TenantRepository tenants,
      QuotaRepository quotas,
      QuotaWriter writer) {
    this.transactions = transactions;
    this.tenantService = tenantService;
    this.tenants = tenants;
    this.quotas = quotas;
    this.writer = writer;
  }

  Uni<Page<QuotaView>> list(TenantId tenant, PageRequest page) {
    return transactions.asTenant(tenant, session -> page(session, tenant, page));
  }

  Uni<Page<QuotaView>> listForPlatform(String idOrSlug, PageRequest page) {
    return transactions.asPlatform(
        session ->
            tenantService
                .load(session, idOrSlug)
                .chain(tenant -> page(session, tenant.id(), page)));
  }

  private Uni<Page<QuotaView>> page(Mutiny.Session session, TenantId tenant, PageRequest page) {
    return quotas
        .page(session, tenant, page.after().getOrDefault("model", ""), page.limit())
        .map(found -> page.page(found, QuotaView::of, row -> Map.of("model", row.model())));
  }

  /** The limit for one model, as members see it. */
  Uni<QuotaView> load(TenantId tenant, String model) {
    return transactions.asTenant(tenant, session -> load(session, tenant.toString(), model));
  }

  /** The limit for one model, for the platform. */
  Uni<QuotaView> loadForPlatform(String idOrSlug, String model) {
    return transactions.asPlatform(session -> load(session, idOrSlug, model));
  }

  private Uni<QuotaView> load(Mutiny.Session session, String idOrSlug, String model) {
    requireModel(model);
    return tenantService
        .load(session, idOrSlug)
        .chain(
            tenant ->
                quotas
                    .find(session, tenant.id(), model)
                    .map(
                        quota ->
                            quota == null
                                ? QuotaView.unset(model, tenant.kind())
                                : QuotaView.of(quota)));
  }

  /** Sets the limit on the version the caller has seen. */
  Uni<QuotaView> set(
      String idOrSlug, String model, SetQuotaRequest request, @Nullable String ifMatch) {
    requireModel(model);
    var violations = new Violations();
    QuotaRules.limitRefusal(request.limitGpus())
        .ifPresent(why -> violations.add("/limitGpus", why));
    Refusals.throwIfAny(violations);
    Integer limit = request.limitGpus() == null ? null : Math.toIntExact(request.limitGpus());
    return transactions
        .asPlatform(
            session ->
                tenants
                    .lockTree(session)
                    .chain(() -> tenantService.load(session, idOrSlug))
                    .chain(tenant -> set(session, tenant, model, limit, ifMatch)))
        .map(QuotaView::of);
  }

  private Uni<QuotaEntity> set(
      Mutiny.Session session,
      TenantEntity tenant,
      String model,
      @Nullable Integer limit,
      @Nullable String ifMatch) {
    return quotas
        .find(session, tenant.id(), model)
        .invoke(quota -> ETags.require(ifMatch, quota == null ? 0 : quota.version()))
        .call(() -> requireRoom(session, tenant, model, limit))
        .chain(
            quota ->
                quota == null
                    ? writer.open(session, tenant.id(), model, limit)
                    : writer.change(session, quota, limit).replaceWith(quota));
  }

  private Uni<Void> requireRoom(
      Mutiny.Session session, TenantEntity tenant, String model, @Nullable Integer limit) {
    return tenants
        .all(session)
        .chain(
            all ->
                quotas
                    .ofModel(session, model)
                    .invoke(rows -> requireRoom(all, rows, tenant, model, limit)))
        .replaceWithVoid();
  }

  private static void requireRoom(
      List<TenantEntity> all,
      List<QuotaEntity> quotas,
      TenantEntity tenant,
      String model,
      @Nullable Integer limit) {
    Map<UUID, String> slugs = new HashMap<>();
    all.forEach(row -> slugs.put(row.uuid(), row.slug()));
    var limits = new LinkedHashMap<QuotaRules.Key, Optional<Integer>>();
    quotas.forEach(
        row ->
            limits.put(
                new QuotaRules.Key(slugs.get(row.tenant().value()), model),
                Optional.ofNullable(row.limitGpus())));
    limits.put(new QuotaRules.Key(tenant.slug(), model), Optional.ofNullable(limit));
    TenantTree tree = TenantTrees.of(all);
    var violations = new Violations();
    QuotaRules.excesses(tree, limits)
        .forEach(excess -> violations.add("/limitGpus", excess.detail()));
    Refusals.throwIfAny(ProblemType.UNPROCESSABLE, violations);
  }

  private static void requireModel(String model) {
    QuotaRules.modelRefusal(model)
        .ifPresent(
            why -> {
              throw ProblemType.INVALID_PARAMETER
                  .because("The path names no GPU model.")
                  .at("model", why);
            });
  }
}
