package dev.gpucloud.tenant.quotas;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.catalogue.Catalogue;
import dev.gpucloud.tenant.catalogue.Named;
import dev.gpucloud.tenant.engine.QuotaRules;
import dev.gpucloud.tenant.engine.QuotaTerms;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.projects.ProjectName;
import dev.gpucloud.tenant.projects.ProjectRepository;
import dev.gpucloud.tenant.quotas.QuotaSetter.Reader;
import dev.gpucloud.tenant.quotas.QuotaSetter.Wish;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantRepository;
import dev.gpucloud.tenant.tenants.TenantService;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  private final QuotaSetter setter;
  private final ProjectRepository projects;
  private final Catalogue catalogue;

  QuotaService(
      Transactions transactions,
      TenantService tenantService,
      TenantRepository tenants,
      QuotaRepository quotas,
      QuotaSetter setter,
      ProjectRepository projects,
      Catalogue catalogue) {
    this.transactions = transactions;
    this.tenantService = tenantService;
    this.tenants = tenants;
    this.quotas = quotas;
    this.setter = setter;
    this.projects = projects;
    this.catalogue = catalogue;
  }

  /** Which quota a path names: of a tenant or one of its projects, for a model, maybe at a site. */
  record Name(@Nullable String project, String model, @Nullable String site) {
    Name {
      QuotaRules.modelRefusal(model)
          .ifPresent(why -> refuse("The path names no GPU model.", "model", why));
      QuotaRules.siteRefusal(site == null ? "" : site)
          .ifPresent(why -> refuse("The parameter names no site.", "site", why));
    }

    private static void refuse(String because, String at, String why) {
      throw ProblemType.INVALID_PARAMETER.because(because).at(at, why);
    }
  }

  Uni<Page<QuotaView>> list(TenantId tenant, @Nullable String project, PageRequest page) {
    return transactions.asTenant(tenant, session -> page(session, tenant, project, page));
  }

  Uni<Page<QuotaView>> listForPlatform(String idOrSlug, PageRequest page) {
    return transactions.asPlatform(
        session ->
            tenantService
                .load(session, idOrSlug)
                .chain(tenant -> page(session, tenant.id(), null, page)));
  }

  private Uni<Page<QuotaView>> page(
      Mutiny.Session session, TenantId tenant, @Nullable String project, PageRequest page) {
    Map<String, String> after = page.after();
    UUID scope = page.after("scope", UUID::fromString).orElse(null);
    var begin =
        new QuotaRepository.After(
            after.getOrDefault("model", ""), scope, after.getOrDefault("site", ""));
    return project(session, tenant, project)
        .chain(of -> quotas.page(session, tenant, of, begin, page.limit()))
        .map(found -> page.page(found, QuotaView::of, QuotaService::position));
  }

  private static Map<String, String> position(QuotaEntity row) {
    return Map.of("model", row.model(), "scope", row.scopeId().toString(), "site", row.site());
  }

  /** One limit, as members see it. */
  Uni<QuotaView> load(TenantId tenant, Name name) {
    return transactions.asTenant(tenant, session -> load(session, tenant.toString(), name));
  }

  /** One limit, for the platform. */
  Uni<QuotaView> loadForPlatform(String idOrSlug, Name name) {
    return transactions.asPlatform(session -> load(session, idOrSlug, name));
  }

  private Uni<QuotaView> load(Mutiny.Session session, String idOrSlug, Name name) {
    return tenantService
        .load(session, idOrSlug)
        .chain(
            tenant ->
                scope(session, tenant, name)
                    .chain(
                        scope ->
                            quotas
                                .find(session, scope, name.model())
                                .map(
                                    quota ->
                                        quota == null
                                            ? QuotaView.unset(scope, name.model(), tenant.kind())
                                            : QuotaView.of(quota))));
  }

  private Uni<QuotaScope> scope(Mutiny.Session session, TenantEntity tenant, Name name) {
    String site = name.site() == null ? "" : name.site();
    return project(session, tenant.id(), name.project())
        .map(project -> new QuotaScope(tenant.id(), project, site));
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
                throw ProblemType.NOT_FOUND.because("The tenant has no such project.");
              }
              return project.id();
            });
  }

  /** Sets the limit on the version the caller has seen. */
  Uni<QuotaView> set(
      String idOrSlug, Name name, SetQuotaRequest request, @Nullable String ifMatch) {
    return set(idOrSlug, name, request, ifMatch, Reader.PLATFORM);
  }

  /**
   * As {@link #set(String, Name, SetQuotaRequest, String)} by an owner who divides the tenant's
   * quota: the limits above bind but are not named. They are of other tenants, so this reads as the
   * platform does.
   */
  Uni<QuotaView> setByOwner(
      TenantId tenant, Name name, SetQuotaRequest request, @Nullable String ifMatch) {
    return set(tenant.toString(), name, request, ifMatch, Reader.MEMBER);
  }

  private Uni<QuotaView> set(
      String idOrSlug,
      Name name,
      SetQuotaRequest request,
      @Nullable String ifMatch,
      Reader reader) {
    QuotaTerms terms = request.terms(new Violations());
    return transactions
        .asPlatform(
            session ->
                tenants
                    .lockTree(session)
                    .chain(() -> tenantService.load(session, idOrSlug))
                    .invoke(tenant -> tenant.requireStaying("gets no quota"))
                    .chain(
                        tenant ->
                            scope(session, tenant, name)
                                .map(scope -> new Wish(tenant, scope, name.model(), terms, reader)))
                    .chain(wish -> set(session, wish, ifMatch)))
        .map(QuotaView::of);
  }

  private Uni<QuotaEntity> set(Mutiny.Session session, Wish wish, @Nullable String ifMatch) {
    return quotas
        .find(session, wish.scope(), wish.model())
        .invoke(quota -> ETags.require(ifMatch, quota == null ? 0 : quota.version()))
        .call(quota -> quota == null ? requireKnown(session, wish) : Uni.createFrom().voidItem())
        .chain(quota -> setter.set(session, quota, wish));
  }

  /** What there is already may be lowered and taken away, whatever became of the model. */
  private Uni<Void> requireKnown(Mutiny.Session session, Wish wish) {
    var names = new ArrayList<>(List.of(Named.model(wish.model(), "model")));
    if (!wish.scope().site().isEmpty()) {
      names.add(Named.site(wish.scope().site(), "site"));
    }
    return catalogue.require(session, names);
  }
}
