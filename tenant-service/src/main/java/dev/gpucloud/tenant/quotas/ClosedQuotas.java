package dev.gpucloud.tenant.quotas;

import dev.gpucloud.tenant.engine.QuotaTerms;
import dev.gpucloud.tenant.engine.TenantState;
import dev.gpucloud.tenant.tenants.TenantEnd;
import dev.gpucloud.tenant.tenants.TenantEntity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Takes every limit and guarantee of a tenant back with the request to close it: it starts nothing
 * new from then on, and what is promised to it would be kept from others for nothing. What it holds
 * stays until it is deleted.
 */
@ApplicationScoped
class ClosedQuotas implements TenantEnd {
  private static final QuotaTerms NOTHING = QuotaTerms.limit(0);

  private final QuotaRepository quotas;
  private final QuotaWriter writer;

  ClosedQuotas(QuotaRepository quotas, QuotaWriter writer) {
    this.quotas = quotas;
    this.writer = writer;
  }

  @Override
  public Uni<Void> ends(Mutiny.Session session, TenantEntity tenant, TenantState next) {
    return quotas
        .ofTenant(session, tenant.id())
        .chain(
            rows -> {
              Uni<Void> done = Uni.createFrom().voidItem();
              for (QuotaEntity row : rows) {
                done = done.chain(() -> writer.change(session, row, NOTHING)).replaceWithVoid();
              }
              return done;
            });
  }
}
