package dev.gpucloud.tenant.quotarequests;

import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.tenant.engine.TenantState;
import dev.gpucloud.tenant.quotarequests.QuotaRequestEntity.Closing;
import dev.gpucloud.tenant.tenants.Actor;
import dev.gpucloud.tenant.tenants.TenantEnd;
import dev.gpucloud.tenant.tenants.TenantEntity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import org.hibernate.reactive.mutiny.Mutiny;

/** Withdraws what a tenant asked for and nobody decided yet, with the request to close it. */
@ApplicationScoped
class ClosedRequests implements TenantEnd {
  private static final String WHY = "The tenant is being closed.";

  private final QuotaRequestRepository requests;
  private final Audit audit;
  private final InstantSource clock;

  ClosedRequests(QuotaRequestRepository requests, Audit audit, @Business InstantSource clock) {
    this.requests = requests;
    this.audit = audit;
    this.clock = clock;
  }

  @Override
  public Uni<Void> ends(Mutiny.Session session, TenantEntity tenant, TenantState next) {
    return next == TenantState.CLOSED
        ? Uni.createFrom().voidItem()
        : requests
            .open(session, tenant.id())
            .chain(
                open -> {
                  Uni<Void> done = Uni.createFrom().voidItem();
                  for (QuotaRequestEntity request : open) {
                    done = done.chain(() -> withdraw(session, request));
                  }
                  return done;
                });
  }

  private Uni<Void> withdraw(Mutiny.Session session, QuotaRequestEntity request) {
    QuotaRequestView before = QuotaRequestView.of(request);
    request.close(
        QuotaRequestState.WITHDRAWN, new Closing(Actor.SYSTEM.name(), WHY, clock.instant()));
    return audit.changed(
        session,
        QuotaRequestService.change(request, "withdraw")
            .from(before)
            .to(QuotaRequestView.of(request)));
  }
}
