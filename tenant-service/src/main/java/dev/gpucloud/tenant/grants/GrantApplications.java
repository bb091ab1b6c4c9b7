package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.id.GrantApplicationId;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.catalogue.Catalogue;
import dev.gpucloud.tenant.notifications.Addresses;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.tenants.TenantRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Takes applications of tenants and of people without one, one at a time in a call, and lists them.
 */
@ApplicationScoped
class GrantApplications {
  private static final String INSERT =
      """
      insert into grant_application (id, call_id, tenant_id, subject, applicant, business_number,
        category, regional, model, asked_gpus, min_gpus, purpose, state, version, created_at)
      values (?1, ?2, cast(cast(?3 as text) as uuid), ?4, ?5, cast(?6 as text), ?7, ?8, ?9, ?10, ?11,
        ?12, 'SUBMITTED', 1, ?13)
      on conflict do nothing\
      """;
  private static final String OPEN_ONE =
      """
      select a.id from grant_application a
      where a.call_id = ?1 and a.state = 'SUBMITTED'
        and (a.tenant_id = cast(cast(?2 as text) as uuid)
          or cast(?2 as text) is null and a.tenant_id is null and a.subject = ?3)
      order by a.id limit 1\
      """;
  private final Transactions transactions;
  private final TenantRepository tenants;
  private final GrantCalls calls;
  private final GrantConfig config;
  private final Catalogue catalogue;
  private final Addresses addresses;
  private final Audit audit;
  private final Caller caller;
  private final InstantSource clock;

  GrantApplications(
      Transactions transactions,
      TenantRepository tenants,
      GrantCalls calls,
      GrantConfig config,
      Catalogue catalogue,
      Addresses addresses,
      Audit audit,
      Caller caller,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.tenants = tenants;
    this.calls = calls;
    this.config = config;
    this.catalogue = catalogue;
    this.addresses = addresses;
    this.audit = audit;
    this.caller = caller;
    this.clock = clock;
  }

  /** Applies in the caller's transaction; a null tenant is an applicant without one. */
  Uni<GrantApplicationView> apply(
      Mutiny.Session s, String callName, @Nullable TenantId tenant, ApplyRequest request) {
    return calls
        .load(s, callName)
        .invoke(call -> requireOpen(call))
        .invoke(call -> request.check(call.rules(), tenant != null))
        .call(() -> catalogue.require(s, List.of(request.named())))
        .call(() -> requireStaying(s, tenant))
        .call(call -> requireFirst(s, call, tenant))
        .call(call -> requirePlace(s, call))
        .call(() -> addresses.remember(s, caller.subject(), caller.verifiedEmail()))
        .chain(call -> insert(s, call, tenant, request))
        .chain(id -> load(s, id))
        .call(
            view ->
                audit.changed(
                    s, GrantApplicationMoves.change("submit", view.id()).at(tenant).to(view)));
  }

  private Uni<Void> requireStaying(Mutiny.Session s, @Nullable TenantId tenant) {
    return tenant == null
        ? Uni.createFrom().voidItem()
        : tenants
            .find(s, tenant)
            .invoke(row -> Objects.requireNonNull(row).requireStaying("applies for nothing"))
            .replaceWithVoid();
  }

  /** An applicant has one open application in a call. */
  private Uni<Void> requireFirst(Mutiny.Session s, GrantCall call, @Nullable TenantId tenant) {
    return Sql.rows(
            s,
            OPEN_ONE,
            call.id().value(),
            tenant == null ? null : tenant.value().toString(),
            caller.subject())
        .invoke(
            rows -> {
              if (!rows.isEmpty()) {
                throw alreadyApplied(new GrantApplicationId((UUID) rows.getFirst()[0]));
              }
            })
        .replaceWithVoid();
  }

  private static ProblemException alreadyApplied(GrantApplicationId first) {
    return ProblemType.ALREADY_EXISTS
        .because(
            "The application %s to this call is open already; withdraw it to apply anew."
                .formatted(first))
        .with("application", first);
  }

  private void requireOpen(GrantCall call) {
    boolean late = !clock.instant().isBefore(call.terms().applyUntil());
    if (late || call.state() != GrantCall.State.OPEN) {
      throw ProblemType.STATE_CONFLICT
          .because(
              "The call takes applications before %s and while it is OPEN; it is %s."
                  .formatted(call.terms().applyUntil(), call.state()))
          .with("state", call.state())
          .with("applyUntil", call.terms().applyUntil());
    }
  }

  private Uni<Void> requirePlace(Mutiny.Session s, GrantCall call) {
    return Sql.rows(
            s, "select count(*) from grant_application where call_id = ?1", call.id().value())
        .invoke(
            rows -> {
              if (((Number) rows.getFirst()[0]).longValue() >= config.maxApplications()) {
                throw ProblemType.STATE_CONFLICT.because(
                    "The call has "
                        + config.maxApplications()
                        + " applications, the most it takes.");
              }
            })
        .replaceWithVoid();
  }

  private Uni<UUID> insert(
      Mutiny.Session s, GrantCall call, @Nullable TenantId tenant, ApplyRequest request) {
    UUID id = Ids.next();
    int asked = Objects.requireNonNull(request.gpus());
    return Sql.update(
            s,
            INSERT,
            id,
            call.id().value(),
            tenant == null ? null : tenant.value().toString(),
            caller.subject(),
            request.applicant(),
            request.number(),
            request.category(),
            Boolean.TRUE.equals(request.regional()),
            request.model(),
            asked,
            request.minGpus() == null ? asked : request.minGpus(),
            request.purpose(),
            clock.instant())
        .chain(
            inserted -> inserted == 0 ? requireFirst(s, call, tenant) : Uni.createFrom().voidItem())
        .replaceWith(id);
  }

  static Uni<GrantApplicationView> load(Mutiny.Session s, UUID id) {
    return Sql.rows(
            s,
            "select " + GrantApplicationView.COLUMNS + "from grant_application a where a.id = ?1",
            id)
        .map(rows -> GrantApplicationView.of(rows.getFirst()));
  }

  Uni<Page<GrantApplicationView>> listOfTenant(TenantId tenant, PageRequest page) {
    return transactions.asTenant(tenant, s -> page(s, "a.tenant_id = ?1", tenant.value(), page));
  }

  /** Those that a person made without a tenant, in any call. */
  Uni<Page<GrantApplicationView>> listOfPerson(String subject, PageRequest page) {
    return transactions.readAsSystem(
        s -> page(s, "a.tenant_id is null and a.subject = ?1", subject, page));
  }

  Uni<Page<GrantApplicationView>> listOfCall(String callName, PageRequest page) {
    return transactions.asPlatform(
        s ->
            calls
                .load(s, callName)
                .chain(call -> page(s, "a.call_id = ?1", call.id().value(), page)));
  }

  private static Uni<Page<GrantApplicationView>> page(
      Mutiny.Session s, String where, Object whose, PageRequest page) {
    UUID after = page.afterId().orElse(new UUID(0, 0));
    return Sql.rows(
            s,
            "select "
                + GrantApplicationView.COLUMNS
                + "from grant_application a where "
                + where
                + " and a.id > ?2 order by a.id limit ?3",
            whose,
            after,
            page.limit())
        .map(rows -> page.page(rows, GrantApplicationView::of, GrantApplications::position));
  }

  private static Map<String, String> position(Object[] row) {
    return Map.of("id", row[0].toString());
  }

  static UUID parse(String id) {
    try {
      return GrantApplicationId.parse(id).value();
    } catch (IllegalArgumentException e) {
      throw Refusals.notFound("application");
    }
  }
}
