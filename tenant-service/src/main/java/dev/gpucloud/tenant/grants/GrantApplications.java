package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.id.GrantApplicationId;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.tenants.TenantService;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Takes applications of tenants and of people without one, and links the latter to a tenant. */
@ApplicationScoped
class GrantApplications {
  private static final String INSERT =
      """
      insert into grant_application (id, call_id, tenant_id, subject, applicant, business_number,
        category, regional, model, asked_gpus, min_gpus, purpose, state, version, created_at)
      values (?1, ?2, cast(cast(?3 as text) as uuid), ?4, ?5, cast(?6 as text), ?7, ?8, ?9, ?10, ?11,
        ?12, 'SUBMITTED', 1, ?13)""";
  private final Transactions transactions;
  private final GrantCalls calls;
  private final TenantService tenants;
  private final GrantConfig config;
  private final Caller caller;
  private final InstantSource clock;

  GrantApplications(
      Transactions transactions,
      GrantCalls calls,
      TenantService tenants,
      GrantConfig config,
      Caller caller,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.calls = calls;
    this.tenants = tenants;
    this.config = config;
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
        .call(call -> requirePlace(s, call))
        .chain(call -> insert(s, call, tenant, request))
        .chain(id -> load(s, id));
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
        .replaceWith(id);
  }

  private static Uni<GrantApplicationView> load(Mutiny.Session s, UUID id) {
    return Sql.rows(
            s,
            "select " + GrantApplicationView.COLUMNS + "from grant_application a where a.id = ?1",
            id)
        .map(rows -> GrantApplicationView.of(rows.getFirst()));
  }

  Uni<Page<GrantApplicationView>> listOfTenant(TenantId tenant, PageRequest page) {
    return transactions.asTenant(tenant, s -> page(s, "a.tenant_id = ?1", tenant.value(), page));
  }

  Uni<Page<GrantApplicationView>> listOfCall(String callName, PageRequest page) {
    return transactions.asPlatform(
        s ->
            calls
                .load(s, callName)
                .chain(call -> page(s, "a.call_id = ?1", call.id().value(), page)));
  }

  private static Uni<Page<GrantApplicationView>> page(
      Mutiny.Session s, String where, UUID whose, PageRequest page) {
    UUID after = UUID.fromString(page.after().getOrDefault("id", new UUID(0, 0).toString()));
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

  /** Takes the tenant's own application back while the call is OPEN. */
  Uni<GrantApplicationView> withdraw(TenantId tenant, String id, @Nullable String ifMatch) {
    UUID application = parse(id);
    return transactions.asTenant(
        tenant,
        s ->
            Sql.rows(
                    s,
                    """
                    select a.version, a.state, c.state from grant_application a
                    join grant_call c on c.id = a.call_id
                    where a.id = ?1 and a.tenant_id = ?2 for update of a""",
                    application,
                    tenant.value())
                .invoke(rows -> requireWithdrawable(rows, ifMatch))
                .chain(
                    () ->
                        Sql.update(
                            s,
                            """
                            update grant_application set state = 'WITHDRAWN', version = version + 1
                            where id = ?1""",
                            application))
                .chain(() -> load(s, application)));
  }

  private static void requireWithdrawable(List<Object[]> rows, @Nullable String ifMatch) {
    if (rows.isEmpty()) {
      throw Refusals.notFound("application");
    }
    Object[] row = rows.getFirst();
    ETags.require(ifMatch, ((Number) row[0]).longValue());
    if (!row[1].equals("SUBMITTED") || !row[2].equals("OPEN")) {
      throw ProblemType.STATE_CONFLICT
          .because("The application is " + row[1] + " and its call " + row[2] + ".")
          .with("state", row[1]);
    }
  }

  /** Gives an application that was made without a tenant to the tenant opened since. */
  Uni<GrantApplicationView> link(String id, String tenantName) {
    UUID application = parse(id);
    return transactions.asPlatform(
        s ->
            tenants
                .load(s, tenantName)
                .chain(
                    tenant ->
                        Sql.update(
                            s,
                            """
                            update grant_application
                            set tenant_id = ?2, version = version + 1
                            where id = ?1 and tenant_id is null""",
                            application,
                            tenant.uuid()))
                .invoke(GrantApplications::requireLinked)
                .call(
                    () ->
                        Sql.update(
                            s,
                            """
                            update grant_award w
                            set tenant_id = a.tenant_id, version = w.version + 1
                            from grant_application a
                            where a.id = ?1 and w.application_id = a.id and w.tenant_id is null""",
                            application))
                .chain(() -> load(s, application)));
  }

  private static void requireLinked(int changed) {
    if (changed == 0) {
      throw Refusals.notFound("application without a tenant");
    }
  }

  static UUID parse(String id) {
    try {
      return GrantApplicationId.parse(id).value();
    } catch (IllegalArgumentException e) {
      throw Refusals.notFound("application");
    }
  }
}
