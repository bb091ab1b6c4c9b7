package dev.gpucloud.tenant.quotarequests;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.QuotaRequestId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.catalogue.Catalogue;
import dev.gpucloud.tenant.engine.QuotaTerms;
import dev.gpucloud.tenant.notifications.Notice;
import dev.gpucloud.tenant.notifications.Notifications;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import dev.gpucloud.tenant.projects.ProjectName;
import dev.gpucloud.tenant.projects.ProjectRepository;
import dev.gpucloud.tenant.quotarequests.QuotaRequestEntity.Ask;
import dev.gpucloud.tenant.quotarequests.QuotaRequestEntity.Closing;
import dev.gpucloud.tenant.quotarequests.QuotaRequestRepository.Filter;
import dev.gpucloud.tenant.quotas.QuotaEntity;
import dev.gpucloud.tenant.quotas.QuotaRepository;
import dev.gpucloud.tenant.quotas.QuotaScope;
import dev.gpucloud.tenant.quotas.QuotaSetter;
import dev.gpucloud.tenant.quotas.QuotaSetter.Reader;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.request.UniqueViolations;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Takes requests for more quota and decides them, each once. */
@ApplicationScoped
class QuotaRequestService {
  private final Transactions transactions;
  private final TenantRepository tenants;
  private final ProjectRepository projects;
  private final QuotaRepository quotas;
  private final QuotaSetter setter;
  private final Catalogue catalogue;
  private final QuotaRequestRepository requests;
  private final Audit audit;
  private final Notifications notifications;
  private final Caller caller;
  private final InstantSource clock;

  QuotaRequestService(
      Transactions transactions,
      TenantRepository tenants,
      ProjectRepository projects,
      QuotaRepository quotas,
      QuotaSetter setter,
      Catalogue catalogue,
      QuotaRequestRepository requests,
      Audit audit,
      Notifications notifications,
      Caller caller,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.tenants = tenants;
    this.projects = projects;
    this.quotas = quotas;
    this.setter = setter;
    this.catalogue = catalogue;
    this.requests = requests;
    this.audit = audit;
    this.notifications = notifications;
    this.caller = caller;
    this.clock = clock;
  }

  /** Opens a request in the tenant's transaction. */
  Uni<QuotaRequestView> open(Mutiny.Session session, TenantId tenant, AskForQuota ask) {
    ask.check();
    String model = Objects.requireNonNull(ask.model());
    int wanted = Objects.requireNonNull(ask.wantedGpus());
    String reason = Objects.requireNonNull(ask.reason());
    return catalogue
        .require(session, ask.names())
        .chain(() -> project(session, tenant, ask.project()))
        .map(project -> new QuotaScope(tenant, project, ask.siteOrEmpty()))
        .call(
            scope ->
                quotas
                    .find(session, scope, model)
                    .invoke(quota -> requireMore(quota, wanted, scope)))
        .chain(
            scope ->
                tenants
                    .find(session, tenant)
                    .map(Objects::requireNonNull)
                    .invoke(row -> row.requireStaying("asks for no quota"))
                    .map(
                        row ->
                            new Ask(
                                scope,
                                row.slug(),
                                row.parent(),
                                model,
                                wanted,
                                reason,
                                caller.username())))
        .map(whole -> QuotaRequestEntity.open(whole, clock.instant()))
        .call(request -> session.persist(request).chain(session::flush))
        .onFailure(UniqueViolations::is)
        .transform(
            raced ->
                ProblemType.ALREADY_EXISTS.because(
                    "A request for this limit is open; withdraw it to ask for something else."))
        .map(QuotaRequestView::of);
  }

  private static void requireMore(@Nullable QuotaEntity quota, int wanted, QuotaScope scope) {
    Integer limit = quota == null ? null : quota.limitGpus();
    if (limit != null && wanted <= limit) {
      throw ProblemType.UNPROCESSABLE
          .because("The limit is " + limit + " GPUs already.")
          .at("/wantedGpus", "expected more than the limit of " + limit);
    }
    boolean unlimited =
        quota == null ? !scope.equals(QuotaScope.of(scope.tenant())) : limit == null;
    if (unlimited) {
      throw ProblemType.UNPROCESSABLE
          .because("There is no limit of its own that could be raised; others above bind.")
          .at("/wantedGpus", "there is no limit to raise");
    }
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
                throw ProblemType.UNKNOWN_REFERENCE
                    .because("The tenant has no such project.")
                    .at("/project", "no project '" + idOrSlug + "'");
              }
              return project.id();
            });
  }

  Uni<Page<QuotaRequestView>> list(
      TenantId tenant, Optional<QuotaRequestState> state, PageRequest page) {
    return transactions.asTenant(
        tenant, session -> page(session, new Filter(tenant, null, state), page));
  }

  /** Those of a tenant's children, which only the platform's role may read. */
  Uni<Page<QuotaRequestView>> listOfChildren(
      TenantId parent, Optional<QuotaRequestState> state, PageRequest page) {
    return transactions.asPlatform(session -> page(session, new Filter(null, parent, state), page));
  }

  Uni<Page<QuotaRequestView>> listAll(Optional<QuotaRequestState> state, PageRequest page) {
    return transactions.asPlatform(session -> page(session, new Filter(null, null, state), page));
  }

  private Uni<Page<QuotaRequestView>> page(
      Mutiny.Session session, Filter filter, PageRequest page) {
    return requests
        .page(session, filter, page.afterId().orElse(null), page.limit())
        .map(
            rows ->
                page.page(
                    rows, QuotaRequestView::of, row -> Map.of("id", row.id().value().toString())));
  }

  Uni<QuotaRequestView> load(TenantId tenant, String id) {
    return transactions
        .asTenant(tenant, session -> load(session, id, new Filter(tenant, null, Optional.empty())))
        .map(QuotaRequestView::of);
  }

  private Uni<QuotaRequestEntity> load(Mutiny.Session session, String id, Filter filter) {
    QuotaRequestId parsed;
    try {
      parsed = QuotaRequestId.parse(id);
    } catch (IllegalArgumentException e) {
      throw Refusals.notFound("request");
    }
    return requests
        .find(session, parsed, filter)
        .map(
            request -> {
              if (request == null) {
                throw Refusals.notFound("request");
              }
              return request;
            });
  }

  /** Takes the tenant's own request back. */
  Uni<QuotaRequestView> withdraw(TenantId tenant, String id, @Nullable String ifMatch) {
    Filter own = new Filter(tenant, null, Optional.empty());
    return transactions
        .asPlatform(
            session ->
                open(session, id, own, ifMatch)
                    .call(request -> told(session, request, "withdraw", withdraw(request))))
        .map(QuotaRequestView::of);
  }

  private Uni<Void> withdraw(QuotaRequestEntity request) {
    return Uni.createFrom()
        .voidItem()
        .invoke(
            () ->
                request.close(
                    QuotaRequestState.WITHDRAWN,
                    new Closing(caller.username(), null, clock.instant())));
  }

  /** Carries a decision out and tells the audit log what it made of the request. */
  private Uni<Void> told(
      Mutiny.Session session, QuotaRequestEntity request, String verb, Uni<Void> decision) {
    QuotaRequestView before = QuotaRequestView.of(request);
    return decision.chain(
        () ->
            audit.changed(
                session, change(request, verb).from(before).to(QuotaRequestView.of(request))));
  }

  static AuditChange change(QuotaRequestEntity request, String verb) {
    return AuditChange.of("tenant.quota-request." + verb, "quota-request", request.id().toString())
        .at(request.tenant());
  }

  /** The request, still open, with the tree locked: who comes second finds it decided. */
  private Uni<QuotaRequestEntity> open(
      Mutiny.Session session, String id, Filter filter, @Nullable String ifMatch) {
    return tenants
        .lockTree(session)
        .chain(() -> load(session, id, filter))
        .invoke(
            request -> {
              ETags.require(ifMatch, request.version());
              if (request.state() != QuotaRequestState.OPEN) {
                throw decided(request);
              }
            });
  }

  private static ProblemException decided(QuotaRequestEntity request) {
    return ProblemType.STATE_CONFLICT
        .because("The request is " + request.state() + "; it is decided once.")
        .with("state", request.state());
  }

  /** Decides on a child's request, for its parent's owner. */
  Uni<QuotaRequestView> decideAsParent(
      TenantId parent, String id, DecideOnQuota decision, @Nullable String ifMatch) {
    Filter children = new Filter(null, parent, Optional.empty());
    return decide(id, children, new Decision(decision, Reader.MEMBER), ifMatch);
  }

  /** Decides on any request, for the platform. */
  Uni<QuotaRequestView> decide(String id, DecideOnQuota decision, @Nullable String ifMatch) {
    Filter all = new Filter(null, null, Optional.empty());
    return decide(id, all, new Decision(decision, Reader.PLATFORM), ifMatch);
  }

  private record Decision(DecideOnQuota what, Reader reader) {}

  private Uni<QuotaRequestView> decide(
      String id, Filter filter, Decision decision, @Nullable String ifMatch) {
    return transactions
        .asPlatform(
            session ->
                open(session, id, filter, ifMatch)
                    .invoke(request -> decision.what().check(request.wantedGpus()))
                    .call(
                        request ->
                            told(session, request, "decide", carryOut(session, request, decision)))
                    .call(request -> notifyOwners(session, request, decision.what().gpus())))
        .map(QuotaRequestView::of);
  }

  private Uni<Void> notifyOwners(Mutiny.Session session, QuotaRequestEntity request, int gpus) {
    NotificationKind kind =
        gpus == 0 ? NotificationKind.QUOTA_REQUEST_REFUSED : NotificationKind.QUOTA_REQUEST_GRANTED;
    Notice notice =
        Notice.of(kind, request.tenant(), request.id().toString(), clock.instant())
            .with("model", request.model())
            .with("wantedGpus", request.wantedGpus())
            .with("note", request.note());
    return notifications.tell(session, gpus == 0 ? notice : notice.with("grantedGpus", gpus));
  }

  private Uni<Void> carryOut(
      Mutiny.Session session, QuotaRequestEntity request, Decision decision) {
    var closing = new Closing(caller.username(), decision.what().note(), clock.instant());
    if (decision.what().gpus() == 0) {
      return Uni.createFrom()
          .voidItem()
          .invoke(() -> request.close(QuotaRequestState.REFUSED, closing));
    }
    return tenants
        .find(session, request.tenant())
        .map(Objects::requireNonNull)
        .chain(tenant -> raise(session, tenant, request, decision))
        .invoke(quota -> request.grant(decision.what().gpus(), quota.version(), closing))
        .replaceWithVoid();
  }

  private Uni<QuotaEntity> raise(
      Mutiny.Session session, TenantEntity tenant, QuotaRequestEntity request, Decision decision) {
    int gpus = decision.what().gpus();
    return quotas
        .find(session, request.scope(), request.model())
        .chain(
            quota -> {
              Integer limit = quota == null ? null : quota.limitGpus();
              if (limit != null && gpus <= limit) {
                throw ProblemType.UNPROCESSABLE
                    .because("The limit is " + limit + " GPUs already; nothing would be granted.")
                    .at("/grantedGpus", "expected 0, or more than the limit of " + limit);
              }
              QuotaTerms terms =
                  quota == null ? QuotaTerms.limit(gpus) : quota.terms().reaching(gpus);
              return setter.set(
                  session,
                  quota,
                  new QuotaSetter.Wish(
                      tenant, request.scope(), request.model(), terms, decision.reader()));
            });
  }
}
