package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.id.GrantApplicationId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.tenant.engine.TenantState;
import dev.gpucloud.tenant.tenants.TenantEnd;
import dev.gpucloud.tenant.tenants.TenantEntity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * What a tenant's end means to programmes: its undecided applications are withdrawn with the
 * request to close it, and its credits end when it is closed. Its offers and awards are given up by
 * the {@link GrantKeeper}: those that have not begun at once, a running one as soon as inventory
 * says that the tenant holds nothing more, so that no GPU is given again while it is in use.
 */
@ApplicationScoped
class ClosedTenants implements TenantEnd {
  /** Of an award w with its tenant t: whether it is to be given up. */
  static final String GIVES_UP =
      """
      w.state in ('OFFERED', 'ACCEPTED') and t.state in ('CLOSING', 'CLOSED')
        or w.state in ('ACTIVE', 'NOTICED') and (t.state = 'CLOSED'
          or t.state = 'CLOSING' and exists (
            select 1 from closing_report r where r.tenant_id = t.tenant_id
              and r.service = 'inventory-service' and r.blockers = '[]'))""";

  private static final String UNDECIDED =
      """
      select a.id, a.call_id from grant_application a
      where a.tenant_id = ?1 and a.state = 'SUBMITTED' order by a.call_id""";
  private static final String DROP_PROPOSED =
      "delete from grant_award where application_id = ?1 and state = 'PROPOSED'";
  private static final String WITHDRAW =
      """
      update grant_application set state = 'WITHDRAWN', version = version + 1,
        explanation = 'Withdrawn because the tenant is being closed.'
      where id = ?1""";
  private static final String CLOSED = "The tenant is closed.";

  private final GrantCalls calls;
  private final AwardRepository awards;
  private final CreditGrants credits;
  private final Audit audit;

  ClosedTenants(GrantCalls calls, AwardRepository awards, CreditGrants credits, Audit audit) {
    this.calls = calls;
    this.awards = awards;
    this.credits = credits;
    this.audit = audit;
  }

  @Override
  public Uni<Void> ends(Mutiny.Session s, TenantEntity tenant, TenantState next) {
    return next == TenantState.CLOSED
        ? credits.withdrawAll(s, tenant.id(), CLOSED)
        : withdrawAll(s, tenant.id());
  }

  private Uni<Void> withdrawAll(Mutiny.Session s, TenantId tenant) {
    return Sql.rows(s, UNDECIDED, tenant.value())
        .chain(
            rows -> {
              Uni<Void> done = Uni.createFrom().voidItem();
              for (Object[] row : rows) {
                done = done.chain(() -> withdraw(s, (UUID) row[0], (UUID) row[1]));
              }
              return done;
            });
  }

  /** Under the call's lock, so that it is decided or withdrawn and never both. */
  private Uni<Void> withdraw(Mutiny.Session s, UUID id, UUID call) {
    return calls
        .lock(s, "gcl_" + call)
        .chain(() -> GrantApplications.load(s, id))
        .chain(
            before ->
                before.state().equals("SUBMITTED")
                    ? withdraw(s, before)
                    : Uni.createFrom().voidItem());
  }

  private Uni<Void> withdraw(Mutiny.Session s, GrantApplicationView before) {
    UUID id = before.id().value();
    return Sql.update(s, DROP_PROPOSED, id)
        .chain(() -> awards.countPools(s, before.callId().value()))
        .chain(() -> Sql.update(s, WITHDRAW, id))
        .chain(() -> GrantApplications.load(s, id))
        .chain(
            after ->
                audit.changed(
                    s,
                    GrantApplicationMoves.change("withdraw", new GrantApplicationId(id))
                        .at(after.tenantId())
                        .from(before)
                        .to(after)));
  }
}
