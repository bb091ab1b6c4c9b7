package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.id.GrantApplicationId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.request.UniqueViolations;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantService;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Takes applications back for their applicants, and links those without a tenant to one. */
@ApplicationScoped
class GrantApplicationMoves {
  private static final String LOCK =
      "select "
          + GrantApplicationView.COLUMNS
          + "from grant_application a where a.id = ?1 and %s for update";
  private static final String UNLINKED =
      "select "
          + GrantApplicationView.COLUMNS
          + "from grant_application a where a.id = ?1 and a.tenant_id is null";
  private static final String WITHDRAW =
      """
      update grant_application set state = 'WITHDRAWN', version = version + 1
      where id = ?1""";
  private static final String LINK =
      """
      update grant_application set tenant_id = ?2, version = version + 1
      where id = ?1""";
  private static final String LINK_AWARDS =
      """
      update grant_award w set tenant_id = a.tenant_id, version = w.version + 1
      from grant_application a
      where a.id = ?1 and w.application_id = a.id and w.tenant_id is null""";
  private static final String OF_TENANT =
      """
      select a.id, a.state from grant_application a
      where a.call_id = ?1 and a.tenant_id = ?2 and a.state <> 'WITHDRAWN' order by a.id limit 1""";
  private final Transactions transactions;
  private final GrantCalls calls;
  private final AwardRepository awards;
  private final TenantService tenants;
  private final Audit audit;

  GrantApplicationMoves(
      Transactions transactions,
      GrantCalls calls,
      AwardRepository awards,
      TenantService tenants,
      Audit audit) {
    this.transactions = transactions;
    this.calls = calls;
    this.awards = awards;
    this.tenants = tenants;
    this.audit = audit;
  }

  static AuditChange change(String verb, GrantApplicationId id) {
    return AuditChange.of("tenant.grant-application." + verb, "grant-application", id.toString());
  }

  /** Takes the tenant's own application back while the call is OPEN. */
  Uni<GrantApplicationView> withdraw(TenantId tenant, String id, @Nullable String ifMatch) {
    UUID application = GrantApplications.parse(id);
    return transactions.asTenant(
        tenant,
        s ->
            lock(s, application, "a.tenant_id = ?2", tenant.value())
                .chain(before -> withdraw(s, before, ifMatch)));
  }

  /** As {@link #withdraw(TenantId, String, String)} for a person who applied without a tenant. */
  Uni<GrantApplicationView> withdrawOf(String subject, String id, @Nullable String ifMatch) {
    UUID application = GrantApplications.parse(id);
    return transactions.asSystem(
        s ->
            lock(s, application, "a.tenant_id is null and a.subject = ?2", subject)
                .chain(before -> withdraw(s, before, ifMatch)));
  }

  private static Uni<GrantApplicationView> lock(
      Mutiny.Session s, UUID application, String whose, Object who) {
    return Sql.rows(s, LOCK.formatted(whose), application, who).map(GrantApplicationMoves::only);
  }

  private static GrantApplicationView only(List<Object[]> rows) {
    if (rows.isEmpty()) {
      throw Refusals.notFound("application");
    }
    return GrantApplicationView.of(rows.getFirst());
  }

  private Uni<GrantApplicationView> withdraw(
      Mutiny.Session s, GrantApplicationView before, @Nullable String ifMatch) {
    ETags.require(ifMatch, before.version());
    return calls
        .load(s, before.callId().toString())
        .invoke(call -> requireWithdrawable(before, call))
        .chain(() -> Sql.update(s, WITHDRAW, before.id().value()))
        .chain(() -> told(s, "withdraw", before));
  }

  private static void requireWithdrawable(GrantApplicationView application, GrantCall call) {
    if (!application.state().equals("SUBMITTED") || call.state() != GrantCall.State.OPEN) {
      throw ProblemType.STATE_CONFLICT
          .because(
              "The application is %s and its call %s; it is withdrawn while SUBMITTED in an OPEN call."
                  .formatted(application.state(), call.state()))
          .with("state", application.state());
    }
  }

  private Uni<GrantApplicationView> told(
      Mutiny.Session s, String verb, GrantApplicationView before) {
    return GrantApplications.load(s, before.id().value())
        .call(
            after ->
                audit.changed(
                    s, change(verb, before.id()).at(after.tenantId()).from(before).to(after)));
  }

  /**
   * Gives an application that was made without a tenant to the tenant opened since, with what it is
   * awarded.
   */
  Uni<GrantApplicationView> link(String id, String tenantName) {
    UUID application = GrantApplications.parse(id);
    return transactions.asPlatform(
        s ->
            tenants
                .load(s, tenantName)
                .invoke(tenant -> tenant.requireStaying("takes over no applications"))
                .chain(
                    tenant ->
                        Sql.rows(s, UNLINKED, application)
                            .map(GrantApplicationMoves::unlinked)
                            .chain(found -> calls.lock(s, found.callId().toString()))
                            .chain(call -> link(s, call, application, tenant))));
  }

  private static GrantApplicationView unlinked(List<Object[]> rows) {
    if (rows.isEmpty()) {
      throw Refusals.notFound("application without a tenant");
    }
    return GrantApplicationView.of(rows.getFirst());
  }

  /** Under the call's lock, as every change of its awards. */
  private Uni<GrantApplicationView> link(
      Mutiny.Session s, GrantCall call, UUID application, TenantEntity tenant) {
    return Sql.rows(s, UNLINKED + " for update", application)
        .map(GrantApplicationMoves::unlinked)
        .call(before -> requireOnly(s, before, tenant))
        .chain(
            before ->
                Sql.update(s, LINK, application, tenant.uuid())
                    .onFailure(UniqueViolations::is)
                    .transform(
                        raced -> ProblemType.ALREADY_EXISTS.because("The tenant has just applied."))
                    .chain(() -> Sql.update(s, LINK_AWARDS, application))
                    .chain(() -> tellOffer(s, call, application))
                    .chain(() -> told(s, "link", before)));
  }

  /** A tenant has one application in a call, as it would have if it had applied by itself. */
  private static Uni<Void> requireOnly(
      Mutiny.Session s, GrantApplicationView before, TenantEntity tenant) {
    return Sql.rows(s, OF_TENANT, before.callId().value(), tenant.uuid())
        .invoke(
            rows -> {
              if (!rows.isEmpty()) {
                throw secondOf(tenant, rows.getFirst());
              }
            })
        .replaceWithVoid();
  }

  private static ProblemException secondOf(TenantEntity tenant, Object[] first) {
    GrantApplicationId id = new GrantApplicationId((UUID) first[0]);
    String state = (String) first[1];
    return ProblemType.ALREADY_EXISTS
        .because(
            "%s has the application %s to this call already, which is %s; a tenant has one. %s"
                .formatted(
                    tenant.slug(),
                    id,
                    state,
                    state.equals("SUBMITTED")
                        ? "Let its owner withdraw that one first, or name another tenant."
                        : "Name another tenant."))
        .at("/tenant", "has an application to the call already")
        .with("application", id)
        .with("state", state);
  }

  /** What was offered while there was nobody to tell is told now. */
  private Uni<Void> tellOffer(Mutiny.Session s, GrantCall call, UUID application) {
    return awards
        .ofCall(s, call.id().value())
        .chain(
            all ->
                all.stream()
                    .filter(award -> award.application().equals(application))
                    .filter(award -> award.state() == GrantAward.State.OFFERED)
                    .findFirst()
                    .map(award -> awards.tell(s, call, award, EventTypes.GRANT_OFFERED))
                    .orElseGet(() -> Uni.createFrom().voidItem()));
  }
}
